//! The lessons' texts as static files for a course's web site: without anybody's state, and without solutions.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use kata::course::Course;
use kata::{Database, files};

use crate::links::{self, Links};
use crate::server::STYLE;
use crate::{course_map, lesson_page};

/// Writes the files into `folder`, which must be empty or new. Returns how many there are. Without all of them, it
/// writes none.
///
/// # Errors
///
/// When the folder holds something, or a file cannot be read or written.
pub fn export(course: &Course, database: Database, folder: &Path) -> Result<usize> {
    let is_used = || Ok::<_, io::Error>(fs::read_dir(folder)?.next().is_some());
    if files::unless_missing(is_used()).with_context(|| format!("cannot read {}", folder.display()))?
        == Some(true)
    {
        bail!("{} is not empty; nothing was written", folder.display());
    }
    let site = site(course, database)?;
    for (path, text) in &site {
        files::write(&folder.join(path), text)?;
    }
    Ok(site.len())
}

/// The files, by path in the site.
fn site(course: &Course, database: Database) -> Result<Vec<(String, String)>> {
    let links = |root: &str| Links { course, root: root.to_owned(), editor: None };
    let mut site = vec![("static/style.css".to_owned(), STYLE.to_owned())];
    let mut add = |path: String, text: Option<String>| -> Result<()> {
        let text = text.with_context(|| format!("there is nothing for {path}"))?;
        site.push((path, text));
        Ok(())
    };
    add("index.html".to_owned(), course_map::page(&links(""), database, false)?)?;
    for lesson in &course.lessons {
        let page = lesson_page::page(&links("../"), database, &lesson.name, None, None, None)?;
        add(format!("{}/index.html", lesson.name), page)?;
        for (document, _) in links::documents(course, &lesson.name) {
            let page =
                lesson_page::page(&links("../../"), database, &lesson.name, Some(&document), None, None)?;
            add(format!("{}/{document}/index.html", lesson.name), page)?;
        }
    }
    Ok(site)
}
