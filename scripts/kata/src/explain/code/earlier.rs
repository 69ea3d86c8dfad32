//! The migrations that run before the lesson's own.

use std::path::{Path, PathBuf};

use crate::course::{GROUNDWORK, Lesson};
use crate::files;

/// What groundwork keeps of the lessons before this one: files, named relative to the workspace, and their texts.
pub fn migrations(root: &Path, lesson: &Lesson) -> Vec<(String, String)> {
    let folder = Path::new(GROUNDWORK).join("migrations");
    let is_earlier = |file: &Path| {
        let name = file.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.split('-').next().and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| number < lesson.number)
    };
    let files = files::below(&root.join(&folder)).unwrap_or_default();
    let source = |file: PathBuf| {
        let text = files::read_text(&root.join(&folder).join(&file)).ok()?;
        Some((folder.join(file).to_string_lossy().replace('\\', "/"), text))
    };
    files.into_iter().filter(|file| is_earlier(file)).filter_map(source).collect()
}
