//! The folder, the disk, the terminal and the editor.

use std::env;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Result;
use supports_hyperlinks::Stream;

use super::finding::Finding;
use super::system::System;
use crate::build::place;
use crate::build_folder;
use crate::editor::Editor;
use crate::process::succeeds;
use crate::watch::Saves;
use crate::{own_folder, stdout};

/// What all lessons take once they are compiled, on both databases.
const SPACE: u64 = 4_000_000_000;

/// Can files be written where the course is, where cargo builds, and where temporary files are?
pub fn folders(system: &System, root: &Path) -> Finding {
    if let Err(error) = build_folder::check(root) {
        return Finding::Missing { what: error.what(), fix: error.advice };
    }
    for folder in [root.to_owned(), root.join("lessons")] {
        if let Err(error) = tempfile::tempfile_in(&folder) {
            return Finding::Missing {
                what: format!("cannot write to {}: {error}", folder.display()),
                fix: "move the course to a folder of your own".to_owned(),
            };
        }
    }
    if let Err(error) = tempfile::tempfile() {
        return Finding::Missing {
            what: format!(
                "cannot write to {}, the folder for temporary files: {error}",
                env::temp_dir().display()
            ),
            fix: format!("{}    # or another folder that you may write to", system.set_temporary_folder()),
        };
    }
    Finding::Works(format!("{} is writable", root.display()))
}

/// Is there room where cargo builds?
pub fn disk(root: &Path) -> Finding {
    let gigabytes = |bytes: u64| bytes / 1_000_000_000;
    // The folder in which cargo builds may not be there yet; the disk it will be on is known.
    let target = place::target(root);
    let there = target.ancestors().find(|folder| folder.exists()).unwrap_or(root);
    match fs4::available_space(there) {
        Ok(space) if space >= SPACE => Finding::Works(format!("{} GB are free", gigabytes(space))),
        Ok(space) => Finding::Missing {
            what: format!("only {} GB are free; all lessons together need {} GB", gigabytes(space), gigabytes(SPACE)),
            fix: "free some space, or build elsewhere: set the variable CARGO_TARGET_DIR to a folder on a larger disk, \
                   one for each copy of the course"
                .to_owned(),
        },
        Err(error) => Finding::Unknown(format!("cannot determine the free space: {error}")),
    }
}

/// Writes a file and waits for the system to tell of it.
pub fn saves(root: &Path) -> Finding {
    let noticed = || -> Result<bool> {
        let folder = tempfile::tempdir_in(own_folder(root)?)?;
        let (sender, events) = channel();
        let saves = Saves::listen(folder.path(), false, sender);
        if saves.is_polling() {
            return Ok(false);
        }
        fs::write(folder.path().join("saved"), "now")?;
        Ok(events.recv_timeout(Duration::from_secs(2)).is_ok())
    };
    match noticed() {
        Ok(true) => Finding::Works("the system reports them".to_owned()),
        Ok(false) => Finding::Works(
            "the system does not report them here, so the guide polls four times a second".to_owned(),
        ),
        Err(error) => Finding::Optional {
            what: format!("{error:#}"),
            fix: "run cargo kata --poll, which polls for them".to_owned(),
        },
    }
}

pub fn terminal(system: &System) -> Finding {
    if !std::io::stdout().is_terminal() {
        return Finding::Works("none here; the guide checks once and does not watch".to_owned());
    }
    if stdout::is_dumb() {
        return Finding::Works(
            "one that cannot draw a full screen (TERM=dumb); the guide checks once and does not watch"
                .to_owned(),
        );
    }
    let (columns, rows) = crossterm::terminal::size().unwrap_or((0, 0));
    let colors = stdout::has_colors();
    let links = supports_hyperlinks::on(Stream::Stdout);
    let utf8 = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .is_none_or(|value| value.to_lowercase().replace('-', "").contains("utf8"));
    let has = |what: &str, is_there: bool| format!("{}{what}", if is_there { "" } else { "no " });
    let seen = format!("{columns} × {rows}, {}, {}", has("colors", colors), has("clickable links", links));
    if columns < 60 || rows < 16 {
        return Finding::Optional { what: seen, fix: "make the window larger, at least 60 × 16".to_owned() };
    }
    if !utf8 && !cfg!(windows) {
        return Finding::Optional {
            what: format!("{seen}; it may not show ✓ and │"),
            fix: system.set_utf8(),
        };
    }
    Finding::Works(seen)
}

pub fn editor(system: &System, root: &Path) -> Finding {
    let settings = fs::read_to_string(root.join(".vscode/settings.json")).unwrap_or_default();
    let mut seen = Vec::new();
    let mut wanted = Vec::new();
    match Editor::of_student() {
        Ok(editor) => seen.push(editor.to_string()),
        Err(error) => {
            seen.push(error.to_string());
            wanted
                .push(format!("{}    # or vim, code …: what `cargo kata open` starts", system.set_editor()));
        }
    }
    if succeeds(Command::new("rust-analyzer").arg("--version")) {
        seen.push("rust-analyzer".to_owned());
    } else {
        wanted.push("rustup component add rust-analyzer    # VS Code's extension brings its own".to_owned());
    }
    if settings.contains("rust-analyzer.vfs.extraIncludes") {
        seen.push("the workspace's settings".to_owned());
    } else {
        wanted.push("git checkout .vscode/settings.json    # lets rust-analyzer see the gates".to_owned());
    }
    let seen = if seen.is_empty() { "none found".to_owned() } else { seen.join(", ") };
    if wanted.is_empty() {
        return Finding::Works(seen);
    }
    Finding::Optional { what: seen, fix: wanted.join("\n") }
}
