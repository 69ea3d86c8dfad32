//! Do the compilers compile, and does the linker link?

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::anyhow;

use super::finding::Finding;
use super::system::System;
use crate::build::place;
use crate::build_folder;
use crate::course::version;
use crate::process::{output, succeeds};

const RUST: &str = "fn main() { println!(\"{}\", 6 * 7); }\n";
const C: &str = "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", 6 * 7); return 0; }\n";

const UPDATE_RUST: &str = "rustup update stable";
const INSTALL_RUST: &str = "install Rust from https://rustup.rs, then run: rustup default stable";

/// The compiler that cargo starts for the course.
fn rustc(root: &Path) -> Command {
    let mut command = Command::new(place::rustc(root));
    // rustup's compiler is the one of the folder in which it is started.
    command.current_dir(root);
    command
}

/// Is the compiler as new as the course asks for?
pub fn rust_version(root: &Path) -> Finding {
    let fix = if succeeds(Command::new("rustup").arg("--version")) { UPDATE_RUST } else { INSTALL_RUST };
    let asked = version::rust(root).unwrap_or_else(|_| "0".to_owned());
    match output(rustc(root).arg("--version")) {
        // `rustc 1.90.0 (1159e78c4 2025-09-14)`
        Ok(text) => match text.split_whitespace().nth(1) {
            Some(version) if numbers(version) >= numbers(&asked) => Finding::Works(version.to_owned()),
            _ => Finding::Missing {
                what: format!("this is {text}; the course needs {asked} or newer"),
                fix: fix.to_owned(),
            },
        },
        Err(error) => Finding::Missing { what: format!("{error:#}"), fix: fix.to_owned() },
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// Compiles, links and runs a program in Rust.
pub fn rust(system: &System, root: &Path) -> Finding {
    match compile_and_run(root, "main.rs", RUST, |source, program| {
        let mut command = rustc(root);
        command.arg(source).arg("-o").arg(program);
        command
    }) {
        Ok(()) => Finding::Works("it did".to_owned()),
        Err(Failure::NoFolder) => not_tried(),
        Err(Failure::Run(error)) => cannot_run(root, &error),
        Err(Failure::Compile(error)) => {
            let text = format!("{error:#}");
            let is_linker = text.contains("linker") || text.contains("ld:") || text.contains("link.exe");
            let fix = if is_linker { system.install_c() } else { INSTALL_RUST.to_owned() };
            Finding::Missing { what: first_lines(&text), fix }
        }
    }
}

/// Compiles, links and runs a program in C.
pub fn c(system: &System, root: &Path) -> Finding {
    let chosen = std::env::var("CC").ok();
    let candidates: Vec<&str> = match &chosen {
        Some(compiler) => vec![compiler],
        None => vec!["cc", "gcc", "clang", "cl"],
    };
    let mut first_error = None;
    for compiler in candidates {
        let words: Vec<_> = compiler.split_whitespace().collect();
        let compiled = compile_and_run(root, "main.c", C, |source, program| {
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
            Err(Failure::NoFolder) => return not_tried(),
            Err(Failure::Run(error)) => return cannot_run(root, &error),
            Err(Failure::Compile(error)) => first_error = first_error.or(Some(error)),
        }
    }
    if cfg!(windows) {
        // Outside of its own prompt `cl` is not in PATH; cargo still finds it, and the line about SQLite proves it.
        return Finding::Optional {
            what: "none in PATH; the SQLite check below shows whether cargo finds one".to_owned(),
            fix: system.install_c(),
        };
    }
    let fix = match &chosen {
        Some(_) => format!("{}    # or set it to a compiler that is installed", system.unset("CC")),
        None => system.install_c(),
    };
    let what = first_error.map(|error| format!("{error:#}")).unwrap_or_default();
    Finding::Missing { what: first_lines(&what), fix }
}

/// What went wrong with a program that was tried.
enum Failure {
    /// There is no folder to compile in, which is reported by itself.
    NoFolder,
    Compile(anyhow::Error),
    /// It was compiled, and does not run.
    Run(anyhow::Error),
}

/// Compiles a program where the course's own are compiled: elsewhere, as in a folder for temporary files,
/// programs may not be allowed to run.
fn compile_and_run(
    root: &Path,
    name: &str,
    text: &str,
    command: impl Fn(&Path, &Path) -> Command,
) -> Result<(), Failure> {
    let folder = build_folder::own(root).and_then(|own| Ok(tempfile::tempdir_in(own)?));
    let folder = folder.map_err(|_| Failure::NoFolder)?;
    let (source, program) = (folder.path().join(name), folder.path().join("program.exe"));
    fs::write(&source, text).map_err(|error| Failure::Compile(error.into()))?;
    let mut command = command(&source, &program);
    if command.get_current_dir().is_none() {
        command.current_dir(folder.path());
    }
    output(&mut command).map_err(Failure::Compile)?;
    match output(&mut Command::new(&program)) {
        Ok(said) if said == "42" => Ok(()),
        Ok(said) => Err(Failure::Run(anyhow!("the program prints `{said}`, not 42"))),
        Err(error) => Err(Failure::Run(error)),
    }
}

fn not_tried() -> Finding {
    Finding::Unknown("not checked, because there is no folder to compile in".to_owned())
}

fn cannot_run(root: &Path, error: &anyhow::Error) -> Finding {
    Finding::Missing {
        what: first_lines(&format!(
            "a program was compiled in {}, but the system does not run it: {error:#}",
            place::target(root).display()
        )),
        fix: "set the variable CARGO_TARGET_DIR to a folder whose programs may run; a disk that is mounted with \
               `noexec`, or a virus scanner, may be in the way"
            .to_owned(),
    }
}

fn first_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(4).collect();
    lines.join("\n      ")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Failure, cannot_run, compile_and_run, numbers};
    use crate::doctor::finding::Finding;

    /// A text file stands for the program, which looks the same as a disk that runs nothing.
    #[test]
    fn a_program_that_cannot_run_is_not_blamed_on_the_compiler() {
        let root = tempfile::tempdir().unwrap();
        let tried = compile_and_run(root.path(), "main.c", "42", |source, program| {
            std::fs::copy(source, program).unwrap();
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("--list");
            command
        });
        let Err(Failure::Run(error)) = tried else { panic!("it ran, or did not compile") };
        let Finding::Missing { what, fix } = cannot_run(root.path(), &error) else {
            panic!("nothing is missing")
        };
        assert!(what.contains("does not run it") && fix.contains("CARGO_TARGET_DIR"), "{what} {fix}");
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100.0") >= numbers("1.90"));
        assert!(numbers("1.90.0-beta.1") >= numbers("1.90"));
        assert!(numbers("1.89.0") < numbers("1.90"));
    }
}
