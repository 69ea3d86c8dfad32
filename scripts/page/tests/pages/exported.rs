//! The static files: every link and anchor leads somewhere, and nothing of a student's is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kata::Database;
use page::export::export;
use scraper::{Html, Selector};

use crate::states::{Site, State};

fn attributes(page: &Html, css: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(css).unwrap();
    page.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
}

#[test]
fn links_and_anchors_lead_somewhere() {
    let site = Site::new();
    site.set(State::Passed);
    let to = tempfile::tempdir().unwrap();
    let count = export(&site.app.course, Database::Sqlite, to.path()).unwrap();
    let files = kata::files::below(to.path()).unwrap();
    assert_eq!(files.len(), count);
    let mut pages = BTreeMap::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "html")) {
        pages.insert(file.clone(), Html::parse_document(&fs::read_to_string(to.path().join(file)).unwrap()));
    }
    assert!(pages.len() > 15, "{pages:?}");
    let anchors: BTreeMap<&PathBuf, BTreeSet<String>> = pages
        .iter()
        .map(|(file, page)| (file, attributes(page, "[id]", "id").into_iter().collect()))
        .collect();
    for (file, page) in &pages {
        let ids = attributes(page, "[id]", "id");
        assert_eq!(ids.len(), anchors[file].len(), "{}: an id is there twice", file.display());
        for link in attributes(page, "[href]", "href") {
            if link.starts_with("https://") || link == "data:," {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let mut target = if path.is_empty() { file.clone() } else { PathBuf::new() };
            if !path.is_empty() {
                for part in file.parent().unwrap().join(path).components() {
                    match part.as_os_str().to_str().unwrap() {
                        ".." => assert!(target.pop(), "{}: {link} leads out of the folder", file.display()),
                        part => target.push(part),
                    }
                }
            }
            assert!(to.path().join(&target).is_file(), "{}: {link} leads nowhere", file.display());
            if !anchor.is_empty() {
                assert!(anchors[&target].contains(anchor), "{}: {link} has no such anchor", file.display());
            }
        }
    }
}

#[test]
fn exported_pages_contain_no_state_and_no_script() {
    let site = Site::new();
    site.set(State::WrongWrite);
    let to = tempfile::tempdir().unwrap();
    export(&site.app.course, Database::Sqlite, to.path()).unwrap();
    for file in kata::files::below(to.path()).unwrap() {
        let text = fs::read_to_string(to.path().join(&file)).unwrap();
        let folder = site.folder.path().display().to_string();
        for gone in ["<script", "aside id", "vscode://", "aria-current=\"step\"", "INSTRUCTOR", &folder] {
            assert!(!text.contains(gone), "{}: {gone}", file.display());
        }
    }
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let site = Site::new();
    let to = tempfile::tempdir().unwrap();
    fs::write(to.path().join("notes.md"), "mine").unwrap();
    let refused = export(&site.app.course, Database::Sqlite, to.path()).unwrap_err().to_string();
    assert!(refused.ends_with("is not empty; nothing was written"), "{refused}");
    assert_eq!(kata::files::below(to.path()).unwrap(), [Path::new("notes.md")]);
}

#[test]
fn a_failed_export_creates_no_folder() {
    let site = Site::new();
    let to = tempfile::tempdir().unwrap();
    let folder = to.path().join("site");
    let lesson = site.app.course.lessons.last().unwrap();
    fs::remove_file(site.folder.path().join(lesson.folder()).join("README.md")).unwrap();
    assert!(export(&site.app.course, Database::Sqlite, &folder).is_err());
    assert!(!folder.exists());
}
