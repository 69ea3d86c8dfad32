//! Which editor is chosen on which computer, and how it opens a file at a line.

use std::path::Path;

use super::{Editor, Facts};

/// The editor of a computer with these variables and programs.
fn editor(system: &str, variables: &[(&str, &str)], programs: &[&str]) -> Result<Editor, String> {
    let variable =
        |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    let is_program = |path: &Path| programs.iter().any(|program| Path::new(program) == path);
    Editor::of(&Facts { system, variable: &variable, is_program: &is_program })
        .map_err(|error| error.to_string())
}

/// The whole command that shows line 7 of `a.rs`.
fn words(system: &str, variables: &[(&str, &str)], programs: &[&str]) -> Vec<String> {
    let editor = editor(system, variables, programs).unwrap();
    [editor.words[0].clone()].into_iter().chain(editor.arguments("a.rs", 7)).collect()
}

#[test]
fn a_variable_is_split_like_in_the_systems_shell() {
    const MY_EDITOR: &str = "/opt/My Editor/ed";
    const VIM: &str = r"C:\Program Files\Vim\vim91\vim.exe";
    for (system, value, expected) in [
        ("linux", "vim", &["vim", "+7", "a.rs"][..]),
        ("linux", "  vim  -u NONE ", &["vim", "-u", "NONE", "+7", "a.rs"]),
        ("linux", "'/opt/My Editor/ed' --wait", &[MY_EDITOR, "--wait", "a.rs"]),
        ("linux", r"/opt/My\ Editor/ed", &[MY_EDITOR, "a.rs"]),
        ("linux", "/opt/My Editor/ed --wait", &[MY_EDITOR, "--wait", "a.rs"]),
        ("linux", "emacsclient -c -a ''", &["emacsclient", "-c", "-a", "", "+7", "a.rs"]),
        ("linux", "~/bin/nvim", &["/home/ann/bin/nvim", "+7", "a.rs"]),
        ("linux", "/usr/bin/vim.basic", &["/usr/bin/vim.basic", "+7", "a.rs"]),
        ("linux", "emacs-29.4", &["emacs-29.4", "+7", "a.rs"]),
        ("linux", "nvim.appimage", &["nvim.appimage", "+7", "a.rs"]),
        ("linux", "ed", &["ed", "a.rs"]),
        ("linux", "ed --at {line} {file}", &["ed", "--at", "7", "a.rs"]),
        ("macos", "mate -w", &["mate", "-w", "-l", "7", "a.rs"]),
        ("macos", "code --wait", &["code", "--wait", "-g", "a.rs:7"]),
        ("macos", "hx", &["hx", "a.rs:7"]),
        ("windows", "notepad", &["notepad", "a.rs"]),
        ("windows", r#""C:\Program Files\Vim\vim91\vim.exe" -N"#, &[VIM, "-N", "+7", "a.rs"]),
        ("windows", r"'C:\Program Files\Vim\vim91\vim.exe'", &[VIM, "+7", "a.rs"]),
        ("windows", r"C:\Program Files\Vim\vim91\vim.exe -N", &[VIM, "-N", "+7", "a.rs"]),
        (
            "windows",
            r"C:\Users\O'Neil\code.cmd --wait",
            &[r"C:\Users\O'Neil\code.cmd", "--wait", "-g", "a.rs:7"],
        ),
        ("windows", "notepad++", &["notepad++", "-n7", "a.rs"]),
    ] {
        let variables = [("EDITOR", value), ("HOME", "/home/ann")];
        assert_eq!(words(system, &variables, &[MY_EDITOR, VIM]), expected, "{system}: {value}");
    }
}

#[test]
fn a_variable_that_cannot_be_parsed_is_named() {
    for (system, value) in [("linux", "'/opt/My Editor/ed"), ("linux", "''"), ("windows", "\"C:\\ed.exe")] {
        let error = editor(system, &[("EDITOR", value)], &[]).unwrap_err();
        assert!(error.contains("variable EDITOR") && error.contains(value), "{error}");
    }
}

#[test]
fn the_most_specific_variable_that_names_a_program_wins() {
    let variables = [("EDITOR", "nano"), ("VISUAL", "vim"), ("KATA_EDITOR", "hx")];
    for (from, expected) in [(0, "nano"), (1, "vim"), (2, "hx")] {
        assert_eq!(editor("linux", &variables[..=from], &[]).unwrap().to_string(), expected);
    }
    assert_eq!(editor("linux", &[("VISUAL", " "), ("EDITOR", "nano")], &[]).unwrap().to_string(), "nano");
    // The page opens such an address.
    let address = ("KATA_EDITOR", "my://open?file={file}&line={line}");
    assert_eq!(editor("linux", &[address, ("EDITOR", "nano")], &[]).unwrap().to_string(), "nano");
    assert_eq!(editor("linux", &variables[..1], &[]).unwrap().described(), "nano (from the variable EDITOR)");
}

#[test]
fn without_a_variable_a_well_known_editor_is_found() {
    let path = ("PATH", "/usr/local/bin:/usr/bin");
    let on_windows = ("PATH", r"C:\Windows\system32;C:\VS Code\bin");
    let programs =
        ["/usr/bin/vim", "/usr/bin/code", r"C:\VS Code\bin\code.cmd", r"C:\Windows\system32\notepad.exe"];
    for (what, system, variables, expected) in [
        ("a screen", "linux", &[path, ("DISPLAY", ":0")][..], "code"),
        ("no screen", "linux", &[path], "vim"),
        ("from afar", "linux", &[path, ("DISPLAY", ":10"), ("SSH_TTY", "/dev/pts/0")], "vim"),
        ("VS Code from afar", "linux", &[path, ("TERM_PROGRAM", "vscode"), ("SSH_TTY", "x")], "code"),
        ("macOS", "macos", &[path], "code"),
        ("Windows", "windows", &[on_windows], r"C:\VS Code\bin\code.cmd"),
        ("bare Windows", "windows", &[("PATH", r"C:\Windows\system32\")], r"C:\Windows\system32\notepad.exe"),
    ] {
        assert_eq!(editor(system, variables, &programs).unwrap().words, [expected], "{what}");
    }
    let error = editor("linux", &[path], &[]).unwrap_err();
    assert!(error.contains("set the variable EDITOR"), "{error}");
}

#[test]
fn on_windows_a_program_is_found_with_its_ending() {
    let variables = [("EDITOR", "code --wait"), ("PATH", r"C:\VS Code\bin"), ("PATHEXT", ".EXE;.CMD")];
    let command = words("windows", &variables, &[r"C:\VS Code\bin\code.cmd"]);
    assert_eq!(command, [r"C:\VS Code\bin\code.cmd", "--wait", "-g", "a.rs:7"]);
}

#[test]
fn an_editor_with_a_window_leaves_the_terminal_alone() {
    for (value, has_a_window) in [
        ("code", true),
        ("/usr/bin/gvim", true),
        ("emacsclient -c", true),
        ("emacsclient -t", false),
        ("emacsclient", false),
        ("vim", false),
        ("unknown", false),
    ] {
        assert_eq!(
            editor("linux", &[("EDITOR", value)], &[]).unwrap().has_a_window(),
            has_a_window,
            "{value}"
        );
    }
}
