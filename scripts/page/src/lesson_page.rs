//! The page of a lesson: its text, with the verdict on the student's code beside it.

use std::path::PathBuf;

use anyhow::Result;
use askama::Template;
use kata::course::Lesson;
use kata::{Database, files, running};

use crate::framed::Framed;
use crate::links::{self, Links};
use crate::markdown::{self, Text};
use crate::panel::{self, Panel};

#[derive(Template)]
#[template(path = "lesson.html")]
struct LessonPage<'a> {
    links: &'a Links<'a>,
    lesson: &'a Lesson,
    database: Database,
    text: Text,
    panel: Option<Panel>,
    /// The student's app, if it runs.
    app: Option<Framed>,
    /// The other texts of the lesson: title, address, and whether it is this one.
    documents: Vec<(String, String, bool)>,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
}

/// The page; or nothing, where there is no such lesson or text.
///
/// # Errors
///
/// When a text cannot be read.
pub fn page(
    links: &Links<'_>,
    database: Database,
    name: &str,
    document: Option<&str>,
    broken: Option<&str>,
    host: Option<&str>,
) -> Result<Option<String>> {
    let course = links.course;
    let Some(lesson) = course.lessons.iter().find(|lesson| lesson.name == name) else { return Ok(None) };
    let is_live = links.editor.is_some();
    let (report, current) = if is_live { panel::verdict(links, lesson, database) } else { (None, None) };
    let marks = match is_live {
        true => panel::marks(lesson, report.as_ref(), current, links),
        false => Default::default(),
    };
    let file = match document {
        Some(document) => links::document_file(course, name, document),
        None => Some(PathBuf::from(lesson.readme())),
    };
    let Some(file) = file.filter(|file| course.root.join(file).is_file()) else { return Ok(None) };
    let text = markdown::text(&files::read_text(&course.root.join(&file))?, &file, links, &marks);
    let panel = is_live.then(|| {
        let mut panel = panel::panel(links, lesson, report.as_ref(), &marks);
        panel.broken = broken.unwrap_or_default().to_owned();
        panel
    });
    let app = if is_live { running::app(&course.root, &lesson.name, database) } else { None };
    let app = app.and_then(|app| Framed::new(&app, host, &links.lesson(&lesson.name)));
    let neighbor = |step: isize| {
        let index = course.lessons.iter().position(|other| other.number == lesson.number)?;
        let other = course.lessons.get(index.checked_add_signed(step)?)?;
        Some((format!("{}. {}", other.number, other.manifest.title), links.lesson(&other.name)))
    };
    let page = LessonPage {
        links,
        lesson,
        database,
        text,
        panel,
        app,
        documents: documents(links, lesson, document),
        previous: neighbor(-1),
        next: neighbor(1),
    };
    Ok(Some(page.render()?))
}

/// The lesson's texts, where it has more than one.
fn documents(links: &Links<'_>, lesson: &Lesson, shown: Option<&str>) -> Vec<(String, String, bool)> {
    let found = links::documents(links.course, &lesson.name);
    if found.is_empty() {
        return Vec::new();
    }
    let title = |file: &PathBuf| {
        let text = files::read_text(&links.course.root.join(file)).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned()
    };
    let first = ("Overview".to_owned(), links.lesson(&lesson.name), shown.is_none());
    let others = found
        .iter()
        .map(|(name, file)| (title(file), links.document(&lesson.name, name), shown == Some(name.as_str())));
    [first].into_iter().chain(others).collect()
}
