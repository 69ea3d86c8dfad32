//! Where the links of a page lead: to a server on this machine, or to files in a folder.

use std::path::{Component, Path, PathBuf};

use kata::course::Course;

use crate::editor::Editor;

pub struct Links<'a> {
    pub course: &'a Course,
    /// What every address begins with: `/token/`, or in files the way up, such as `../`.
    pub root: String,
    /// Opens the student's files; there are none in files for everybody.
    pub editor: Option<&'a Editor>,
}

impl Links<'_> {
    /// Files are named whole: they may be read without a server.
    fn index(&self) -> &'static str {
        if self.editor.is_some() { "" } else { "index.html" }
    }

    pub fn home(&self) -> String {
        format!("{}{}", self.root, self.index())
    }

    pub fn lesson(&self, name: &str) -> String {
        format!("{}{name}/{}", self.root, self.index())
    }

    pub fn asset(&self, file: &str) -> String {
        format!("{}static/{file}", self.root)
    }

    /// A text of a lesson beside its README: a card or its tools.
    pub fn document(&self, lesson: &str, document: &str) -> String {
        format!("{}{lesson}/{document}/{}", self.root, self.index())
    }

    /// Opens a file of the course in the student's editor.
    pub fn file(&self, file: &str, line: Option<usize>) -> Option<String> {
        Some(self.editor?.address(&self.course.root.join(file), line))
    }

    /// Where a link in a text at `folder` leads, or nothing where the page has no such place.
    pub fn from_text(&self, folder: &Path, target: &str) -> Option<String> {
        if target.starts_with("https://") || target.starts_with("http://") || target.starts_with('#') {
            return Some(target.to_owned());
        }
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        let path = normal(&folder.join(path));
        let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
        let is_lesson = |name: &str| self.course.lessons.iter().any(|lesson| lesson.name == name);
        let address = match parts[..] {
            ["lessons", "README.md"] | ["lessons"] | ["README.md"] => self.home(),
            ["lessons", lesson, "README.md"] | ["lessons", lesson] if is_lesson(lesson) => {
                self.lesson(lesson)
            }
            ["lessons", lesson, .., document] if is_lesson(lesson) && document.ends_with(".md") => {
                let name = document_name(document);
                document_file(self.course, lesson, &name)?;
                self.document(lesson, &name)
            }
            _ => self.file(path.to_str()?, None).filter(|_| self.course.root.join(&path).is_file())?,
        };
        Some(address + &anchor)
    }
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::Normal(part) => normal.push(part),
            _ => {}
        }
    }
    normal
}

/// `2-sign-in` for `2-sign-in.md`, `tools` for `TOOLS.md`.
fn document_name(file: &str) -> String {
    file.trim_end_matches(".md").to_lowercase()
}

/// The texts of a lesson beside its README, each with its name in an address; what instructors read is not among them.
pub fn documents(course: &Course, lesson: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new("lessons").join(lesson);
    let mut found = Vec::new();
    for part in ["", "stages"] {
        let Ok(entries) = std::fs::read_dir(course.root.join(&folder).join(part)) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") && !["README.md", "INSTRUCTOR.md"].contains(&&*name) {
                found.push((document_name(&name), folder.join(part).join(name)));
            }
        }
    }
    found.sort();
    found
}

/// The file of such a text.
pub fn document_file(course: &Course, lesson: &str, document: &str) -> Option<PathBuf> {
    documents(course, lesson).into_iter().find(|(name, _)| name == document).map(|(_, file)| file)
}
