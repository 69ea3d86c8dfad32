//! Where a link to a file has to lead so that the terminal opens it.
//!
//! The terminal may run on another computer than the guide, or under another system. Then a path of ours
//! means nothing to it. What depends on the surroundings is decided from facts, so that a test covers every
//! system.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what a path of a URL may hold as it is. `#`, `?` and `%` would end or change it.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is known about the terminal and the system.
pub struct Facts<'a> {
    /// The guide runs on Windows itself, not on a Linux inside of it.
    pub windows: bool,
    /// The guide runs in a container.
    pub container: bool,
    /// The environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

/// What opens a file that is clicked on.
#[derive(Clone, Debug, PartialEq)]
pub enum Opener {
    /// Nothing: the terminal cannot get at the file.
    None,
    /// What the system opens such files with.
    System { windows: bool },
    /// The same on Windows, for a file of a Linux inside of it.
    SystemOfWsl { distribution: String },
    /// VS Code or a relative, by the scheme of its addresses; it goes to the line.
    Editor { scheme: &'static str },
    /// The same on Windows, for a file of a Linux inside of it.
    EditorOfWsl { scheme: &'static str, distribution: String },
}

impl Opener {
    pub fn here() -> Self {
        Self::of(&Facts {
            windows: cfg!(windows),
            container: Path::new("/.dockerenv").exists() || Path::new("/run/.containerenv").exists(),
            variable: &|name| std::env::var(name).ok(),
        })
    }

    pub fn of(facts: &Facts<'_>) -> Self {
        let variable = |name: &str| (facts.variable)(name).filter(|value| !value.is_empty());
        let any = |names: &[&str]| names.iter().any(|name| variable(name).is_some());
        let is_editor = variable("TERM_PROGRAM").is_some_and(|program| program == "vscode");
        if let Some(distribution) = variable("WSL_DISTRO_NAME") {
            return match is_editor {
                true => Self::EditorOfWsl { scheme: scheme(&variable), distribution },
                false => Self::SystemOfWsl { distribution },
            };
        }
        // An editor that is connected to this computer makes links of `file:line` on its own; of addresses
        // it cannot: it would look for the file where it runs itself.
        let is_remote = any(&[
            "SSH_CONNECTION",
            "SSH_CLIENT",
            "SSH_TTY",
            "REMOTE_CONTAINERS",
            "CODESPACES",
            "GITPOD_WORKSPACE_ID",
            "VSCODE_IPC_HOOK_CLI",
            "VSCODE_PROXY_URI",
        ]);
        if is_remote || facts.container {
            return Self::None;
        }
        match is_editor {
            true => Self::Editor { scheme: scheme(&variable) },
            false => Self::System { windows: facts.windows },
        }
    }

    /// The address of the file at this absolute path, and of its line where an address can hold one.
    pub fn address(&self, path: &str, line: Option<usize>) -> Option<String> {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        Some(match self {
            Self::None => return None,
            Self::System { windows: false } => format!("file://{}", unix(path)),
            Self::System { windows: true } => format!("file:{}", windows(path)),
            Self::SystemOfWsl { distribution } => match of_windows_disk(path) {
                Some(path) => format!("file:{}", windows(&path)),
                None => format!("file://wsl$/{}{}", encoded(distribution), unix(path)),
            },
            Self::Editor { scheme } if path.starts_with('/') => {
                format!("{scheme}://file{}{line}", unix(path))
            }
            // A drive: `vscode://file/c:/…`.
            Self::Editor { scheme } => format!("{scheme}://file{}{line}", windows(path).strip_prefix("//")?),
            Self::EditorOfWsl { scheme, distribution } => {
                format!("{scheme}://vscode-remote/wsl+{}{}{line}", encoded(distribution), unix(path))
            }
        })
    }
}

/// The scheme of the editor whose terminal this is. They all call themselves `vscode`, but name their own
/// program in a variable for git.
fn scheme(variable: &impl Fn(&str) -> Option<String>) -> &'static str {
    let program = variable("VSCODE_GIT_ASKPASS_NODE").unwrap_or_default().to_lowercase();
    let version = variable("TERM_PROGRAM_VERSION").unwrap_or_default();
    let relatives = [("cursor", "cursor"), ("windsurf", "windsurf"), ("codium", "vscodium")];
    match relatives.into_iter().find(|(name, _)| program.contains(name)) {
        Some((_, scheme)) => scheme,
        None if variable("CURSOR_TRACE_ID").is_some() => "cursor",
        None if version.ends_with("-insider") || program.contains("insiders") => "vscode-insiders",
        None => "vscode",
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, IN_PATH).to_string()
}

fn unix(path: &str) -> String {
    encoded(path)
}

/// `///C:/…` for a path on a drive, `//server/share/…` for one on the network.
fn windows(path: &str) -> String {
    let path = path.replace('\\', "/");
    // Paths that were made absolute by the system begin like this.
    let path = match path.strip_prefix("//?/UNC/") {
        Some(rest) => format!("//{rest}"),
        None => path.strip_prefix("//?/").unwrap_or(&path).to_owned(),
    };
    match path.split_once(':') {
        Some((drive, rest)) if drive.len() == 1 => format!("///{drive}:{}", encoded(rest)),
        _ => encoded(&path),
    }
}

/// `C:/…` for `/mnt/c/…`, where a Linux inside of Windows sees its disks.
fn of_windows_disk(path: &str) -> Option<String> {
    let (drive, rest) = path.strip_prefix("/mnt/")?.split_once('/')?;
    let is_drive = drive.len() == 1 && drive.starts_with(|c: char| c.is_ascii_lowercase());
    is_drive.then(|| format!("{}:/{rest}", drive.to_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::{Facts, Opener};

    /// The address of a file for a terminal with these variables.
    fn address(variables: &[(&str, &str)], windows: bool, container: bool, path: &str) -> Option<String> {
        let variable = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        Opener::of(&Facts { windows, container, variable: &variable }).address(path, Some(7))
    }

    const VSCODE: (&str, &str) = ("TERM_PROGRAM", "vscode");
    const WSL: (&str, &str) = ("WSL_DISTRO_NAME", "Ubuntu-24.04");

    #[test]
    fn a_link_leads_to_the_file_wherever_the_terminal_runs() {
        for (what, variables, windows, path, expected) in [
            ("Linux, macOS", &[][..], false, "/home/ann/c/lib.rs", "file:///home/ann/c/lib.rs"),
            ("Windows", &[], true, r"C:\Users\Ann\c\lib.rs", "file:///C:/Users/Ann/c/lib.rs"),
            ("both separators", &[], true, r"C:\c\lessons/lib.rs", "file:///C:/c/lessons/lib.rs"),
            ("a long path", &[], true, r"\\?\C:\c\lib.rs", "file:///C:/c/lib.rs"),
            ("a share", &[], true, r"\\server\share\c\lib.rs", "file://server/share/c/lib.rs"),
            (
                "a long path on a share",
                &[],
                true,
                r"\\?\UNC\server\share\lib.rs",
                "file://server/share/lib.rs",
            ),
            ("VS Code", &[VSCODE], false, "/home/ann/lib.rs", "vscode://file/home/ann/lib.rs:7"),
            ("VS Code, Windows", &[VSCODE], true, r"C:\c\lib.rs", "vscode://file/C:/c/lib.rs:7"),
            (
                "VS Code Insiders",
                &[VSCODE, ("TERM_PROGRAM_VERSION", "1.110.0-insider")],
                false,
                "/c/lib.rs",
                "vscode-insiders://file/c/lib.rs:7",
            ),
            (
                "VSCodium",
                &[VSCODE, ("VSCODE_GIT_ASKPASS_NODE", "/usr/share/codium/codium")],
                false,
                "/c/lib.rs",
                "vscodium://file/c/lib.rs:7",
            ),
            (
                "Cursor",
                &[VSCODE, ("VSCODE_GIT_ASKPASS_NODE", "/Applications/Cursor.app/Contents/MacOS/Cursor")],
                false,
                "/c/lib.rs",
                "cursor://file/c/lib.rs:7",
            ),
            (
                "WSL in VS Code",
                &[VSCODE, WSL, ("VSCODE_IPC_HOOK_CLI", "/run/user/1000/vscode-ipc.sock")],
                false,
                "/home/ann/lib.rs",
                "vscode://vscode-remote/wsl+Ubuntu-24.04/home/ann/lib.rs:7",
            ),
            ("WSL", &[WSL], false, "/home/ann/lib.rs", "file://wsl$/Ubuntu-24.04/home/ann/lib.rs"),
            ("WSL, a Windows disk", &[WSL], false, "/mnt/c/Users/Ann/lib.rs", "file:///C:/Users/Ann/lib.rs"),
            (
                "WSL, another mount",
                &[WSL],
                false,
                "/mnt/data/lib.rs",
                "file://wsl$/Ubuntu-24.04/mnt/data/lib.rs",
            ),
        ] {
            assert_eq!(address(variables, windows, false, path).as_deref(), Some(expected), "{what}");
        }
    }

    #[test]
    fn there_is_no_link_if_the_terminal_cannot_reach_the_file() {
        for variables in [
            &[("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.1 22")][..],
            &[("SSH_TTY", "/dev/pts/0")],
            &[VSCODE, ("SSH_CLIENT", "10.0.0.2 50000 22")],
            &[VSCODE, ("VSCODE_IPC_HOOK_CLI", "/tmp/vscode-ipc.sock")],
            &[VSCODE, ("REMOTE_CONTAINERS", "true")],
            &[VSCODE, ("CODESPACES", "true")],
            &[VSCODE, ("VSCODE_PROXY_URI", "https://code.example.org/proxy/{{port}}")],
            &[("GITPOD_WORKSPACE_ID", "x")],
        ] {
            assert_eq!(address(variables, false, false, "/c/lib.rs"), None, "{variables:?}");
        }
        for variables in [&[][..], &[VSCODE]] {
            assert_eq!(address(variables, false, true, "/c/lib.rs"), None, "in a container: {variables:?}");
        }
        // A variable that is empty says nothing.
        assert!(address(&[("SSH_TTY", "")], false, false, "/c/lib.rs").is_some());
    }

    #[test]
    fn characters_with_a_meaning_in_addresses_are_encoded() {
        let path = "/home/ann/C# 100%/was?/café & co/a:b.rs";
        let encoded = "/home/ann/C%23%20100%25/was%3F/caf%C3%A9%20%26%20co/a%3Ab.rs";
        assert_eq!(address(&[], false, false, path), Some(format!("file://{encoded}")));
        assert_eq!(address(&[VSCODE], false, false, path), Some(format!("vscode://file{encoded}:7")));
        assert_eq!(
            address(&[VSCODE], true, false, r"C:\C# 100%\é.rs").as_deref(),
            Some("vscode://file/C:/C%23%20100%25/%C3%A9.rs:7")
        );
        let named = [("WSL_DISTRO_NAME", "My Linux")];
        assert_eq!(
            address(&named, false, false, "/a b.rs").as_deref(),
            Some("file://wsl$/My%20Linux/a%20b.rs")
        );
    }
}
