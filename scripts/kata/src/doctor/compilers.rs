//! Do the compilers compile, and does the linker link?

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Finding;
use super::system::System;
use crate::build::place;

const RUST: &str = "fn main() { println!(\"{}\", 6 * 7); }\n";
const C: &str = "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", 6 * 7); return 0; }\n";

const UPDATE_RUST: &str = "rustup update stable";
const INSTALL_RUST: &str = "install Rust as https://rustup.rs says, then: rustup default stable";

/// The compiler that cargo starts for the course.
fn rustc(root: &Path) -> Command {
    let mut command = Command::new(place::rustc(root));
    // rustup's compiler is the one of the folder in which it is started.
    command.current_dir(root);
    command
}

/// Is the compiler as new as the course asks for?
pub fn rust_version(root: &Path) -> Finding {
    let mend = if works(Command::new("rustup").arg("--version")) { UPDATE_RUST } else { INSTALL_RUST };
    let asked = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let asked = asked.lines().find_map(|line| line.strip_prefix("rust-version = ")?.trim().strip_prefix('"'));
    let asked = asked.and_then(|rest| rest.split('"').next()).unwrap_or("0").to_owned();
    match output(rustc(root).arg("--version")) {
        // `rustc 1.90.0 (1159e78c4 2025-09-14)`
        Ok(text) => match text.split_whitespace().nth(1) {
            Some(version) if numbers(version) >= numbers(&asked) => Finding::Works(version.to_owned()),
            _ => Finding::Missing {
                what: format!("this is {text}, the course needs {asked}"),
                mend: mend.to_owned(),
            },
        },
        Err(error) => Finding::Missing { what: format!("{error:#}"), mend: mend.to_owned() },
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// Compiles, links and runs a program in Rust.
pub fn rust(root: &Path, system: &System) -> Finding {
    match compile_and_run("main.rs", RUST, |source, program| {
        let mut command = rustc(root);
        command.arg(source).arg("-o").arg(program);
        command
    }) {
        Ok(()) => Finding::Works("it did".to_owned()),
        Err(error) => {
            let text = format!("{error:#}");
            let is_linker = text.contains("linker") || text.contains("ld:") || text.contains("link.exe");
            let mend = if is_linker { system.install_c() } else { INSTALL_RUST.to_owned() };
            Finding::Missing { what: first_lines(&text), mend }
        }
    }
}

/// Compiles, links and runs a program in C.
pub fn c(system: &System) -> Finding {
    let chosen = std::env::var("CC").ok();
    let candidates: Vec<&str> = match &chosen {
        Some(compiler) => vec![compiler],
        None => vec!["cc", "gcc", "clang", "cl"],
    };
    let mut first_error = None;
    for compiler in candidates {
        let words: Vec<_> = compiler.split_whitespace().collect();
        let compiled = compile_and_run("main.c", C, |source, program| {
            let mut command = Command::new(words.first().copied().unwrap_or("cc"));
            command.args(words.iter().skip(1)).arg(source);
            match compiler {
                "cl" => command.arg(format!("/Fe:{}", program.display())),
                _ => command.arg("-o").arg(program),
            };
            command
        });
        match compiled {
            Ok(()) => return Finding::Works(format!("{compiler} compiles, links and runs")),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    if cfg!(windows) {
        // Outside of its own prompt `cl` is not in PATH; cargo finds it all the same, and SQLite shows it.
        return Finding::Optional {
            what: "none in PATH; the line about SQLite tells whether cargo finds one".to_owned(),
            mend: system.install_c(),
        };
    }
    let mend = match &chosen {
        Some(_) => "unset CC    # or set it to a compiler that is there".to_owned(),
        None => system.install_c(),
    };
    let what = first_error.map(|error| format!("{error:#}")).unwrap_or_default();
    Finding::Missing { what: first_lines(&what), mend }
}

fn compile_and_run(name: &str, text: &str, command: impl Fn(&Path, &Path) -> Command) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (source, program) = (folder.path().join(name), folder.path().join("program.exe"));
    fs::write(&source, text)?;
    let mut command = command(&source, &program);
    if command.get_current_dir().is_none() {
        command.current_dir(folder.path());
    }
    output(&mut command)?;
    let said = output(&mut Command::new(&program))?;
    if said != "42" {
        bail!("the program says {said:?}, not 42");
    }
    Ok(())
}

pub fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// What a command prints; an error with what it complains about.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn first_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(4).collect();
    lines.join("\n      ")
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100.0") >= numbers("1.90"));
        assert!(numbers("1.90.0-beta.1") >= numbers("1.90"));
        assert!(numbers("1.89.0") < numbers("1.90"));
    }
}
