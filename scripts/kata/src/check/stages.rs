//! Checks of a lesson's stages: their cards, and the parts of the reference that they name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::problems::Problems;
use super::readmes::check_words;
use crate::course::{Course, Lesson};
use crate::{Database, files, reference};

/// The stages of the manifest; of a project, its cards too.
pub fn check(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    check_manifest(course, lesson, problems);
    if lesson.is_project() {
        for index in 0..lesson.manifest.stages.len() {
            check_card(course, lesson, index, problems);
        }
        check_stray_cards(course, lesson, problems)?;
    }
    Ok(())
}

fn check_manifest(course: &Course, lesson: &Lesson, problems: &Problems) {
    let path = lesson.gate_file("toml");
    let mut names = BTreeSet::new();
    let (own, sum) =
        (lesson.manifest.minutes, lesson.manifest.stages.iter().map(|stage| stage.minutes).sum::<u32>());
    if own != sum && !lesson.manifest.stages.is_empty() {
        problems
            .add(&path, format!("the lesson takes {own} minutes, and its stages {sum}; make the sums match"));
    }
    for (index, stage) in lesson.manifest.stages.iter().enumerate() {
        let name = &stage.name;
        if !names.insert(name) {
            problems.add(&path, format!("two stages have the name `{name}`"));
        }
        let has_gates = [Database::Sqlite, Database::Postgres]
            .iter()
            .all(|database| !lesson.gates_of_stage(index, *database).is_empty());
        if !has_gates {
            problems.add(&path, format!("the stage `{name}` has no gate on one of the databases; add one"));
        }
        if stage.review.trim().is_empty() || stage.title.trim().is_empty() {
            problems.add(&path, format!("the stage `{name}` has an empty title or review; write it"));
        }
        // The guide shows it in a command.
        if stage.title.contains(['"', '$', '`', '\\']) {
            problems.add(
                &path,
                format!("the title of the stage `{name}` contains characters special to a shell; reword it"),
            );
        }
        if stage.reference.is_empty() {
            problems.add(&path, format!("the stage `{name}` names no part of the reference; add one"));
        }
        for piece in &stage.reference {
            if let Err(error) = reference::find(course, lesson, piece) {
                problems.add(&path, format!("the stage `{name}`: {error:#}"));
            }
        }
    }
}

/// The heading above the list of gates in a card.
const GATES: &str = "## Gates";

fn check_card(course: &Course, lesson: &Lesson, index: usize, problems: &Problems) {
    let card = lesson.card(index);
    let path = Path::new(&card);
    let stage = &lesson.manifest.stages[index];
    let Ok(text) = files::read_text(&course.root.join(path)) else {
        return problems.add(path, format!("cannot be read; the stage `{}` needs this card", stage.name));
    };
    let title = format!("# Stage {}: {}", index + 1, stage.title);
    if text.lines().next() != Some(&title) {
        problems.add(path, format!("it must begin with `{title}`"));
    }
    let start = format!("{}::", stage.name);
    let gates = lesson.manifest.gates.iter().filter(|gate| gate.name.starts_with(&start));
    let expected: Vec<_> = gates.map(|gate| gate.title.as_str()).collect();
    if listed(&text) != expected {
        let list: String = expected.iter().map(|title| format!("\n      - {title}")).collect();
        problems
            .add(path, format!("its section `{GATES}` must list the gates of the stage, and no more:{list}"));
    }
    check_words(path, &text, problems);
    let readme = files::read_text(&course.root.join(lesson.readme())).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !readme.contains(&format!("(stages/{name})")) {
        let link = format!("[{}](stages/{name})", stage.title);
        problems.add(
            Path::new(&lesson.readme()),
            format!("nothing links to the card of the stage; add `{link}`"),
        );
    }
}

/// The bullets of the section about gates.
fn listed(card: &str) -> Vec<&str> {
    let section = card.lines().skip_while(|line| *line != GATES).skip(1);
    let section = section.take_while(|line| !line.starts_with('#'));
    section.filter_map(|line| line.strip_prefix("- ")).collect()
}

fn check_stray_cards(course: &Course, lesson: &Lesson, problems: &Problems) -> Result<()> {
    let folder = lesson.folder().join("stages");
    let cards: BTreeSet<_> = (0..lesson.manifest.stages.len()).map(|index| lesson.card(index)).collect();
    for entry in fs::read_dir(course.root.join(&folder)).into_iter().flatten() {
        let path = folder.join(entry?.file_name());
        if !cards.iter().any(|card| Path::new(card) == path) {
            problems.add(&path, "no stage has this card; rename or delete it");
        }
    }
    Ok(())
}
