//! The variables that a program in a sandbox starts with: only those without which the system does not work.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Which system it is, and its variables. A test hands over another system's.
pub struct System {
    pub is_windows: bool,
    pub variables: BTreeMap<String, String>,
}

/// What every program on Windows needs: without `SystemRoot` there are no sockets and no random numbers.
const EVERY_PROGRAM: [&str; 8] = [
    "ComSpec",
    "NUMBER_OF_PROCESSORS",
    "OS",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "SystemDrive",
    "SystemRoot",
    "windir",
];

/// By what rustc finds Microsoft's linker and its libraries, and the linker finds its own parts. Those that
/// begin like the last three are set in Visual Studio's own prompt.
const LINKER: [&str; 10] = [
    "CommonProgramFiles",
    "CommonProgramFiles(x86)",
    "INCLUDE",
    "LIB",
    "LIBPATH",
    "ProgramData",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "ProgramW6432",
    "UCRTVersion",
];
const LINKER_PREFIXES: [&str; 4] = ["UniversalCRT", "VC", "VS", "WindowsSDK"];

/// By what a Mac finds its compiler, where there are several.
const MAC: [&str; 2] = ["DEVELOPER_DIR", "SDKROOT"];

impl System {
    pub fn this() -> Self {
        // What is not text does not name a variable that a program gets.
        let text =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self { is_windows: cfg!(windows), variables: std::env::vars_os().filter_map(text).collect() }
    }

    /// The variable of this name, as the system spells it. Windows does not distinguish `Path` from `PATH`.
    fn variable(&self, name: &str) -> Option<(String, String)> {
        let is_named = |other: &str| other == name || self.is_windows && other.eq_ignore_ascii_case(name);
        let found = self.variables.iter().find(|(other, _)| is_named(other));
        found.map(|(name, value)| (name.clone(), value.clone()))
    }

    fn these(&self, names: &[&str]) -> BTreeMap<String, String> {
        names.iter().filter_map(|name| self.variable(name)).collect()
    }

    /// For the grader's own process around a program.
    pub fn helper(&self) -> BTreeMap<String, String> {
        if self.is_windows { self.these(&EVERY_PROGRAM) } else { BTreeMap::new() }
    }

    /// For a compiled gate, which may write into `temporary`.
    pub fn gate(&self, temporary: &str) -> BTreeMap<String, String> {
        let mut variables = self.helper();
        if let Some(path) = self.is_windows.then(|| self.system_path()).flatten() {
            variables.insert("PATH".to_owned(), path);
        }
        variables.extend(self.temporary(temporary));
        variables
    }

    /// For rustc and the linker that it starts, which may write into `temporary`.
    pub fn compiler(&self, temporary: &str) -> BTreeMap<String, String> {
        let mut variables = self.helper();
        if self.is_windows {
            variables.extend(self.these(&LINKER));
            let starts = |name: &str, prefix: &str| {
                name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            };
            let others = self
                .variables
                .iter()
                .filter(|(name, _)| LINKER_PREFIXES.iter().any(|prefix| starts(name, prefix)));
            variables.extend(others.map(|(name, value)| (name.clone(), value.clone())));
            // The linker is wherever its installer has put it.
            let path = self.variable("PATH").map(|(_, path)| path).or_else(|| self.system_path());
            variables.extend(path.map(|path| ("PATH".to_owned(), path)));
        } else {
            variables.extend(self.these(&MAC));
            variables.insert("PATH".to_owned(), "/usr/bin:/bin".to_owned());
        }
        variables.extend(self.temporary(temporary));
        variables
    }

    /// Windows' own programs and libraries.
    fn system_path(&self) -> Option<String> {
        let (_, root) = self.variable("SystemRoot")?;
        Some(format!(r"{root}\System32;{root}"))
    }

    fn temporary(&self, folder: &str) -> Vec<(String, String)> {
        let names = if self.is_windows { &["TEMP", "TMP"][..] } else { &["TMPDIR"] };
        names.iter().map(|name| ((*name).to_owned(), folder.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(is_windows: bool, variables: &[(&str, &str)]) -> System {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        System { is_windows, variables: variables.collect() }
    }

    fn pairs(variables: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn on_windows_the_system_and_the_linker_keep_their_variables() {
        let windows = system(
            true,
            &[
                ("GITHUB_TOKEN", "secret"),
                ("LIB", r"C:\sdk\lib"),
                ("Path", r"C:\tools;C:\WINDOWS"),
                ("ProgramFiles(x86)", r"C:\Program Files (x86)"),
                ("SYSTEMROOT", r"C:\WINDOWS"),
                ("TEMP", r"C:\Users\ann\Temp"),
                ("USERPROFILE", r"C:\Users\ann"),
                ("VCToolsInstallDir", r"C:\vc"),
                ("WindowsSdkDir", r"C:\sdk"),
            ],
        );
        assert_eq!(pairs(&windows.helper()), [("SYSTEMROOT", r"C:\WINDOWS")]);
        assert_eq!(
            pairs(&windows.gate(r"D:\run")),
            [
                ("PATH", r"C:\WINDOWS\System32;C:\WINDOWS"),
                ("SYSTEMROOT", r"C:\WINDOWS"),
                ("TEMP", r"D:\run"),
                ("TMP", r"D:\run"),
            ]
        );
        assert_eq!(
            pairs(&windows.compiler(r"D:\run")),
            [
                ("LIB", r"C:\sdk\lib"),
                ("PATH", r"C:\tools;C:\WINDOWS"),
                ("ProgramFiles(x86)", r"C:\Program Files (x86)"),
                ("SYSTEMROOT", r"C:\WINDOWS"),
                ("TEMP", r"D:\run"),
                ("TMP", r"D:\run"),
                ("VCToolsInstallDir", r"C:\vc"),
                ("WindowsSdkDir", r"C:\sdk"),
            ]
        );
    }

    #[test]
    fn elsewhere_only_the_path_to_a_macs_compiler_is_inherited() {
        let mine =
            [("HOME", "/home/ann"), ("PATH", "/home/ann/bin"), ("TMPDIR", "/var/ann"), ("SystemRoot", "?")];
        let unix = system(false, &mine);
        assert_eq!(pairs(&unix.helper()), []);
        assert_eq!(pairs(&unix.gate("/tmp/run")), [("TMPDIR", "/tmp/run")]);
        assert_eq!(pairs(&unix.compiler("/tmp/run")), [("PATH", "/usr/bin:/bin"), ("TMPDIR", "/tmp/run")]);
        let mac = system(false, &[("SDKROOT", "/sdk"), ("PATH", "/opt/homebrew/bin")]);
        assert_eq!(
            pairs(&mac.compiler("/t")),
            [("PATH", "/usr/bin:/bin"), ("SDKROOT", "/sdk"), ("TMPDIR", "/t")]
        );
    }
}
