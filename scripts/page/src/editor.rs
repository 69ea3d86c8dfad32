//! Links that open the student's editor at a line.

use std::path::Path;

/// How an address names a file and a line: `{file}` and `{line}` stand for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Editor {
    template: String,
}

/// What names an editor, in order.
const VARIABLES: [&str; 3] = ["KATA_EDITOR", "VISUAL", "EDITOR"];

/// Editors by the names of their programs, and the addresses that open them.
const KNOWN: &[(&str, &str)] = &[
    ("code", "vscode://file{file}:{line}"),
    ("code-insiders", "vscode-insiders://file{file}:{line}"),
    ("codium", "vscodium://file{file}:{line}"),
    ("vscodium", "vscodium://file{file}:{line}"),
    ("cursor", "cursor://file{file}:{line}"),
    ("windsurf", "windsurf://file{file}:{line}"),
    ("zed", "zed://file{file}:{line}"),
    ("zeditor", "zed://file{file}:{line}"),
    ("rustrover", "jetbrains://rustrover/navigate/reference?path={file}:{line}"),
    ("idea", "idea://open?file={file}&line={line}"),
    ("mate", "txmt://open?url=file://{file}&line={line}"),
    ("bbedit", "x-bbedit://open?url=file://{file}&line={line}"),
];

impl Editor {
    /// The one that `KATA_EDITOR`, `VISUAL` or `EDITOR` names, where it has addresses of its own; else VS Code.
    /// `KATA_EDITOR` may also be an address itself, with `{file}` and `{line}`.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let values = VARIABLES.iter().filter_map(|name| variable(name));
        let found = values.filter_map(|value| template(&value)).next();
        Self { template: found.unwrap_or_else(|| KNOWN[0].1.to_owned()) }
    }

    /// The address that opens the file at this absolute path.
    pub fn address(&self, path: &Path, line: Option<usize>) -> String {
        let path = path.to_string_lossy().replace('\\', "/");
        // A drive: `/c:/…`.
        let path = if path.starts_with('/') { path } else { format!("/{path}") };
        let encoded = encoded(&path);
        self.template.replace("{file}", &encoded).replace("{line}", &line.unwrap_or(1).to_string())
    }
}

fn template(value: &str) -> Option<String> {
    if value.contains("://") && value.contains("{file}") {
        return Some(value.to_owned());
    }
    let program = value.split_whitespace().next()?.rsplit(['/', '\\']).next()?.to_lowercase();
    let program = program.split('.').next()?;
    KNOWN.iter().find(|(name, _)| *name == program).map(|(_, template)| (*template).to_owned())
}

/// All but what a path in an address may hold as it is.
fn encoded(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-._~:".contains(byte);
    let mut text = String::new();
    for byte in path.bytes() {
        match plain(&byte) {
            true => text.push(char::from(byte)),
            false => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_the_editor_that_a_variable_names() {
        let address = |set: &[(&str, &str)]| {
            let find =
                |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
            Editor::of(find).address(Path::new("/home/ann/é #1/lib.rs"), Some(12))
        };
        let file = "/home/ann/%C3%A9%20%231/lib.rs";
        for (set, expected) in [
            (&[][..], format!("vscode://file{file}:12")),
            (&[("EDITOR", "vim")], format!("vscode://file{file}:12")),
            (&[("EDITOR", "vim"), ("VISUAL", "/usr/bin/zed --wait")], format!("zed://file{file}:12")),
            (&[("KATA_EDITOR", "cursor"), ("VISUAL", "zed")], format!("cursor://file{file}:12")),
            (&[("KATA_EDITOR", "idea.sh --line {line} {file}")], format!("idea://open?file={file}&line=12")),
            (&[("KATA_EDITOR", "my://open?f={file}&l={line}")], format!("my://open?f={file}&l=12")),
        ] {
            assert_eq!(address(set), expected, "{set:?}");
        }
    }
}
