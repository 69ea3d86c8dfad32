//! What a build depends on besides the workspace: variables, cargo's settings, the compiler.
//!
//! It is better to ask cargo once too often than once too seldom. So every variable counts but those that
//! are known not to matter, and every file that cargo or rustup may read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::cargo_config::{CargoConfig, Facts};
use crate::digest::hex;

/// Variables that no compiler depends on: where a terminal is, what it can show, and what changes from one
/// command to the next.
const IGNORED: [&str; 20] = [
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "COLUMNS",
    "EDITOR",
    "LINES",
    "NO_COLOR",
    "OLDPWD",
    "PAGER",
    "PWD",
    "RUST_RECURSION_COUNT",
    "SHLVL",
    "TEMP",
    "TERM",
    "TERM_PROGRAM",
    "TERM_SESSION_ID",
    "TMP",
    "TMPDIR",
    "VISUAL",
    "WINDOWID",
];

/// What cargo sets for the guide when it starts it, and sets again for each rustc; how it reports; and the
/// guide's own. A name that ends in `_` stands for all that begin with it. The cargo that `CARGO` names
/// counts by its file.
const IGNORED_OF_CARGO: [&str; 10] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MAKEFLAGS",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TERM_",
    "KATA_",
];

/// Whether a variable counts.
pub fn counts(name: &str) -> bool {
    let is_ignored = |ignored: &&str| match ignored.ends_with('_') {
        true => name.starts_with(*ignored),
        false => name == *ignored,
    };
    name != "_" && !IGNORED.iter().chain(&IGNORED_OF_CARGO).any(is_ignored)
}

/// A digest of all of it, for a build that starts `programs`: the compiler and its wrappers.
pub fn digest(facts: &Facts, programs: &[PathBuf]) -> Result<String> {
    let mut digest = Sha256::new();
    let mut add = |what: &str, bytes: &[u8]| {
        digest.update(format!("{what} {}\n", bytes.len()));
        digest.update(bytes);
    };
    for (name, value) in &facts.variables {
        if counts(&name.to_string_lossy()) {
            add(&format!("variable {}", name.display()), value.as_encoded_bytes());
        }
    }
    for (path, bytes) in CargoConfig::read(facts).files() {
        add(&path.display().to_string(), bytes);
    }
    let of_toolchain = facts
        .folder
        .ancestors()
        .flat_map(|folder| ["rust-toolchain", "rust-toolchain.toml"].map(|name| folder.join(name)));
    let settings = facts.rustup_home().map(|home| home.join("settings.toml"));
    for path in of_toolchain.chain(settings) {
        if let Ok(bytes) = fs::read(&path) {
            add(&path.display().to_string(), &bytes);
        }
    }
    // Which toolchain's cargo rustup takes goes with the compiler.
    let cargo = facts.variable("CARGO").map_or_else(|| "cargo".into(), PathBuf::from);
    for program in programs.iter().chain([&cargo]) {
        let found = facts.program(program);
        let stamp = found.as_deref().map(stamp).transpose()?.flatten();
        add(&program.display().to_string(), format!("{found:?} {stamp:?}").as_bytes());
    }
    match rustups(facts).map(|rustc| (stamp(&rustc), rustc)) {
        // The file of the compiler is known, so nothing has to be started to know the compiler.
        Some((Ok(Some(stamp)), rustc)) => add(&rustc.display().to_string(), format!("{stamp:?}").as_bytes()),
        _ => {
            for rustup in
                programs.iter().filter_map(|program| facts.program(program)).filter(|file| is_rustups(file))
            {
                // The file says nothing about the compiler that it leads to, so the compiler is asked.
                let output = Command::new(&rustup).arg("-vV").current_dir(&facts.folder).output();
                let output = output.with_context(|| format!("cannot run {}", rustup.display()))?;
                add("version", &output.stdout);
            }
        }
    }
    Ok(hex(&digest.finalize()))
}

/// The compiler behind rustup's `rustc`, which is another one after an update while the toolchain's name
/// and rustup's file stay the same. Cargo watches it too.
fn rustups(facts: &Facts) -> Option<PathBuf> {
    let toolchain = facts.rustup_home()?.join("toolchains").join(facts.variable("RUSTUP_TOOLCHAIN")?);
    Some(toolchain.join(if facts.is_windows { "bin/rustc.exe" } else { "bin/rustc" }))
}

/// Whether a program is one of those that rustup puts in front of a toolchain's: a link to `rustup`, or the
/// same file.
fn is_rustups(program: &Path) -> bool {
    let leads_to_rustup =
        fs::canonicalize(program).is_ok_and(|file| file.file_stem() == Some("rustup".as_ref()));
    let length = |path: &Path| fs::metadata(path).map(|metadata| metadata.len()).ok();
    let mut rustup = program.with_file_name("rustup");
    if let Some(extension) = program.extension() {
        rustup.set_extension(extension);
    }
    leads_to_rustup || length(&rustup).is_some_and(|rustup| length(program) == Some(rustup))
}

/// The size and time of a file, or of what a link leads to; `None` if it is missing.
pub fn stamp(path: &Path) -> Result<Option<(u64, u128)>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(_) => return Ok(None),
    };
    let changed =
        metadata.modified().with_context(|| format!("cannot read the age of {}", path.display()))?;
    Ok(Some((metadata.len(), changed.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos())))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn facts(folder: &Path, variables: &[(&str, &str)]) -> Facts {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Facts {
            folder: folder.join("code/course"),
            variables: variables.collect(),
            home: Some(folder.to_owned()),
            is_windows: false,
        }
    }

    #[test]
    fn every_variable_counts_except_those_that_no_compiler_uses() {
        let place = tempfile::tempdir().unwrap();
        let of = |variables: &[(&str, &str)]| digest(&facts(place.path(), variables), &[]).unwrap();
        let before = of(&[]);
        for name in [
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_INCREMENTAL",
            "CARGO_PROFILE_DEV_LTO",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
            "CC",
            "CFLAGS_x86_64_unknown_linux_gnu",
            "LIBRARY_PATH",
            "LIBSQLITE3_FLAGS",
            "MACOSX_DEPLOYMENT_TARGET",
            "PATH",
            "RUSTC",
            "RUSTC_BOOTSTRAP",
            "RUSTC_WORKSPACE_WRAPPER",
            "RUSTC_WRAPPER",
            "RUSTFLAGS",
            "RUSTUP_TOOLCHAIN",
            "SDKROOT",
            "whatever_a_macro_reads",
        ] {
            assert_ne!(of(&[(name, "1")]), before, "{name}");
            assert_ne!(of(&[(name, "1")]), of(&[(name, "2")]), "{name}");
        }
        for name in ["TMPDIR", "COLUMNS", "_", "CARGO_PKG_NAME", "CARGO_TERM_COLOR", "KATA_SEED", "SHLVL"] {
            assert_eq!(of(&[(name, "1")]), before, "{name}");
        }
    }

    #[test]
    fn every_file_that_cargo_and_rustup_read_counts() {
        let place = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| crate::files::write(&place.path().join(path), text).unwrap();
        let variables = [("RUSTUP_TOOLCHAIN", "stable"), ("CARGO", "bin/cargo"), ("PATH", "")];
        let of =
            || digest(&facts(place.path(), &variables), &["bin/rustc".into(), "bin/wrapper".into()]).unwrap();
        write(
            "code/course/.cargo/config.toml",
            "include = [\"one.toml\", { path = \"two.toml\", optional = true }]",
        );
        for file in [
            "code/course/.cargo/config.toml",
            "code/course/.cargo/one.toml",
            "code/course/.cargo/two.toml",
            "code/.cargo/config.toml",
            "code/.cargo/config",
            ".cargo/config.toml",
            "code/course/rust-toolchain.toml",
            "code/course/rust-toolchain",
            "code/rust-toolchain.toml",
            ".rustup/settings.toml",
            ".rustup/toolchains/stable/bin/rustc",
            "code/course/bin/rustc",
            "code/course/bin/wrapper",
            "code/course/bin/cargo",
        ] {
            let before = of();
            let text = fs::read_to_string(place.path().join(file)).unwrap_or_default();
            write(file, &format!("{text}\n# another"));
            assert_ne!(of(), before, "{file}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn rustups_proxy_is_resolved_to_its_compiler() {
        let place = tempfile::tempdir().unwrap();
        let write = |version: &str| {
            let file = place.path().join("bin/rustup");
            crate::files::write(&file, format!("#!/bin/sh\necho {version}\n")).unwrap();
            fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
            let age = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
            fs::File::options().write(true).open(file).unwrap().set_modified(age).unwrap();
        };
        write("1");
        fs::create_dir_all(place.path().join("code/course")).unwrap();
        std::os::unix::fs::symlink("rustup", place.path().join("bin/rustc")).unwrap();
        let rustc = place.path().join("bin/rustc");
        let of = || digest(&facts(place.path(), &[]), std::slice::from_ref(&rustc)).unwrap();
        let before = of();
        assert_eq!(of(), before);
        // Neither its size nor its age shows it.
        write("2");
        assert_ne!(of(), before);
    }
}
