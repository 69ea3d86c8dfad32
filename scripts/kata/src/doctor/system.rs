//! Which system this is, and how something is installed on it.

use std::fs;

/// The program that installs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Installer {
    Apt,
    Dnf,
    Pacman,
    Zypper,
    Apk,
    Brew,
    Winget,
    Unknown,
}

/// Whose language the commands are in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shell {
    /// bash, zsh and their relatives.
    Posix,
    Fish,
    Csh,
    /// PowerShell.
    Pwsh,
}

pub struct System {
    /// As the system calls itself.
    pub name: String,
    installer: Installer,
    shell: Shell,
}

impl System {
    pub fn this() -> Self {
        let os_release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::of(std::env::consts::OS, &os_release, &std::env::var("SHELL").unwrap_or_default())
    }

    /// The system that `std::env::consts::OS` names; what `/etc/os-release` says on Linux, and the variable
    /// `SHELL`.
    fn of(system: &str, os_release: &str, shell: &str) -> Self {
        let (name, installer) = match system {
            "macos" => ("macOS".to_owned(), Installer::Brew),
            "windows" => ("Windows".to_owned(), Installer::Winget),
            "linux" => Self::linux(os_release),
            other => (other.to_owned(), Installer::Unknown),
        };
        let shell = match shell.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe") {
            "fish" => Shell::Fish,
            "csh" | "tcsh" => Shell::Csh,
            "" if system == "windows" => Shell::Pwsh,
            "pwsh" | "powershell" => Shell::Pwsh,
            _ => Shell::Posix,
        };
        Self { name, installer, shell }
    }

    fn linux(os_release: &str) -> (String, Installer) {
        let value = |key: &str| {
            let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.map(|value| value.trim_matches('"').to_owned())
        };
        let ids = format!("{} {}", value("ID").unwrap_or_default(), value("ID_LIKE").unwrap_or_default());
        let installers = [
            ("debian", Installer::Apt),
            ("ubuntu", Installer::Apt),
            ("fedora", Installer::Dnf),
            ("rhel", Installer::Dnf),
            ("arch", Installer::Pacman),
            ("suse", Installer::Zypper),
            ("opensuse", Installer::Zypper),
            ("alpine", Installer::Apk),
        ];
        let found = installers.into_iter().find(|(id, _)| ids.split_whitespace().any(|word| word == *id));
        let installer = found.map_or(Installer::Unknown, |(_, installer)| installer);
        (value("PRETTY_NAME").unwrap_or_else(|| "Linux".to_owned()), installer)
    }

    /// The command that sets a variable in the student's shell. The value needs no quotes.
    pub fn set(&self, name: &str, value: &str) -> String {
        match self.shell {
            Shell::Posix => format!("export {name}={value}"),
            Shell::Fish => format!("set -gx {name} {value}"),
            Shell::Csh => format!("setenv {name} {value}"),
            Shell::Pwsh => format!("$env:{name} = '{value}'"),
        }
    }

    /// The command that takes a variable away.
    pub fn unset(&self, name: &str) -> String {
        match self.shell {
            Shell::Posix => format!("unset {name}"),
            Shell::Fish => format!("set -e {name}"),
            Shell::Csh => format!("unsetenv {name}"),
            Shell::Pwsh => format!("Remove-Item Env:{name}"),
        }
    }

    /// The command that names an editor which the system has.
    pub fn set_editor(&self) -> String {
        self.set("EDITOR", if self.installer == Installer::Winget { "notepad" } else { "nano" })
    }

    /// The command that has programs write UTF-8.
    pub fn set_utf8(&self) -> String {
        // macOS has no `C.UTF-8` before version 15.
        self.set("LANG", if self.installer == Installer::Brew { "en_US.UTF-8" } else { "C.UTF-8" })
    }

    /// The command that chooses another folder for temporary files.
    pub fn set_temporary_folder(&self) -> String {
        match self.installer {
            Installer::Winget => self.set("TEMP", r"C:\Temp"),
            _ => self.set("TMPDIR", "/var/tmp"),
        }
    }

    /// The command that installs a C compiler with its linker.
    pub fn install_c(&self) -> String {
        match self.installer {
            Installer::Apt => "sudo apt-get install --yes build-essential",
            Installer::Dnf => "sudo dnf install gcc",
            Installer::Pacman => "sudo pacman -S --needed base-devel",
            Installer::Zypper => "sudo zypper install gcc",
            Installer::Apk => "sudo apk add build-base",
            Installer::Brew => "xcode-select --install",
            Installer::Winget => {
                "winget install Microsoft.VisualStudio.2022.BuildTools --override \"--add \
                 Microsoft.VisualStudio.Workload.VCTools --passive\""
            }
            Installer::Unknown => "install a C compiler: gcc or clang",
        }
        .to_owned()
    }

    /// The command that installs PostgreSQL's programs.
    pub fn install_postgres(&self) -> String {
        match self.installer {
            Installer::Apt => "sudo apt-get install --yes postgresql",
            Installer::Dnf => "sudo dnf install postgresql-server",
            Installer::Pacman => "sudo pacman -S postgresql",
            Installer::Zypper => "sudo zypper install postgresql-server",
            Installer::Apk => "sudo apk add postgresql",
            Installer::Brew => "brew install postgresql",
            Installer::Winget => "winget install PostgreSQL.PostgreSQL.17",
            Installer::Unknown => "install PostgreSQL",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Installer, System};

    #[test]
    fn commands_use_the_syntax_of_the_shell() {
        for (system, shell, set, unset) in [
            ("linux", "/bin/bash", "export EDITOR=nano", "unset CC"),
            ("linux", "", "export EDITOR=nano", "unset CC"),
            ("macos", "/bin/zsh", "export EDITOR=nano", "unset CC"),
            ("linux", "/usr/bin/fish", "set -gx EDITOR nano", "set -e CC"),
            ("freebsd", "/bin/tcsh", "setenv EDITOR nano", "unsetenv CC"),
            ("windows", "", "$env:EDITOR = 'notepad'", "Remove-Item Env:CC"),
            // Git for Windows brings one.
            ("windows", "/usr/bin/bash", "export EDITOR=notepad", "unset CC"),
            ("windows", r"C:\Program Files\Git\usr\bin\bash.exe", "export EDITOR=notepad", "unset CC"),
            ("linux", "/usr/bin/pwsh", "$env:EDITOR = 'nano'", "Remove-Item Env:CC"),
        ] {
            let system_with_shell = System::of(system, "", shell);
            assert_eq!(system_with_shell.set_editor(), set, "{system} {shell}");
            assert_eq!(system_with_shell.unset("CC"), unset, "{system} {shell}");
        }
    }

    #[test]
    fn values_depend_on_the_system() {
        for (system, utf8, temporary) in [
            ("linux", "export LANG=C.UTF-8", "export TMPDIR=/var/tmp"),
            ("macos", "export LANG=en_US.UTF-8", "export TMPDIR=/var/tmp"),
            ("windows", "$env:LANG = 'C.UTF-8'", r"$env:TEMP = 'C:\Temp'"),
        ] {
            assert_eq!(System::of(system, "", "").set_utf8(), utf8);
            assert_eq!(System::of(system, "", "").set_temporary_folder(), temporary);
        }
    }

    #[test]
    fn a_system_is_recognized_by_its_name_or_its_family() {
        let installer = |text: &str| System::of("linux", text, "").installer;
        assert_eq!(installer("ID=debian\n"), Installer::Apt);
        assert_eq!(installer("NAME=x\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Installer::Apt);
        assert_eq!(installer("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Installer::Dnf);
        assert_eq!(installer("ID=manjaro\nID_LIKE=arch\n"), Installer::Pacman);
        assert_eq!(installer("ID=plan9\n"), Installer::Unknown);
        assert_eq!(
            System::of("linux", "PRETTY_NAME=\"Debian GNU/Linux 13\"\nID=debian", "").name,
            "Debian GNU/Linux 13"
        );
    }
}
