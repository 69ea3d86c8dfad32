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

pub struct System {
    /// As the system calls itself.
    pub name: String,
    installer: Installer,
}

impl System {
    pub fn this() -> Self {
        match std::env::consts::OS {
            "macos" => Self { name: "macOS".to_owned(), installer: Installer::Brew },
            "windows" => Self { name: "Windows".to_owned(), installer: Installer::Winget },
            "linux" => Self::linux(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
            other => Self { name: other.to_owned(), installer: Installer::Unknown },
        }
    }

    fn linux(os_release: &str) -> Self {
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
        Self { name: value("PRETTY_NAME").unwrap_or_else(|| "Linux".to_owned()), installer }
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
    fn a_system_is_known_by_its_name_or_its_family() {
        let installer = |text: &str| System::linux(text).installer;
        assert_eq!(installer("ID=debian\n"), Installer::Apt);
        assert_eq!(installer("NAME=x\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Installer::Apt);
        assert_eq!(installer("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Installer::Dnf);
        assert_eq!(installer("ID=manjaro\nID_LIKE=arch\n"), Installer::Pacman);
        assert_eq!(installer("ID=plan9\n"), Installer::Unknown);
        assert_eq!(
            System::linux("PRETTY_NAME=\"Debian GNU/Linux 13\"\nID=debian").name,
            "Debian GNU/Linux 13"
        );
    }
}
