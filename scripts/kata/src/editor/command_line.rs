//! A command as a person writes it into a variable: its words, and where its program is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::facts::Facts;

/// The words of a command as the system's shell would split them. Somebody may have left out the quotes around
/// a program in a folder whose name has blanks. `None` when a quote is not closed, or no program is named.
pub fn split(command: &str, facts: &Facts<'_>) -> Option<Vec<String>> {
    let blanks = command.match_indices(' ').map(|(at, _)| at).skip(1);
    let ends = blanks.chain([command.len()]).map(|end| command.split_at(end));
    let is_unquoted = |program: &str| {
        program.contains(' ') && program.contains(['/', '\\']) && (facts.is_program)(Path::new(program))
    };
    let (program, rest) = ends.into_iter().find(|(program, _)| is_unquoted(program)).unwrap_or(("", command));
    let rest = if facts.is_windows() { split_on_windows(rest)? } else { shlex::split(rest)? };
    let mut words: Vec<_> =
        [program.to_owned()].into_iter().filter(|word| !word.is_empty()).chain(rest).collect();
    let first = words.first_mut().filter(|word| !word.is_empty())?;
    if let (Some(rest), Some(home)) = (first.strip_prefix("~/"), (facts.variable)("HOME")) {
        *first = format!("{home}/{rest}");
    }
    Some(words)
}

/// On Windows a backslash is part of a path, and double quotes hold words together; single ones do around a
/// whole word, as PowerShell has it.
fn split_on_windows(command: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match c {
            c if quote == Some(c) => quote = None,
            '"' if quote.is_none() => {
                quote = Some('"');
                word.get_or_insert_default();
            }
            '\'' if quote.is_none() && word.is_none() => {
                quote = Some('\'');
                word = Some(String::new());
            }
            c if c.is_whitespace() && quote.is_none() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// The program of this name in one of the folders that `PATH` names.
pub fn on_path(name: &str, facts: &Facts<'_>) -> Option<PathBuf> {
    let (separator, folder_ends) =
        if facts.is_windows() { (';', &['\\', '/'][..]) } else { (':', &['/'][..]) };
    if name.contains(folder_ends) {
        return None;
    }
    let endings = match facts.is_windows() {
        true => (facts.variable)("PATHEXT").unwrap_or_else(|| ".COM;.EXE;.BAT;.CMD".to_owned()),
        false => String::new(),
    };
    let path = (facts.variable)("PATH")?;
    let folders = path.split(separator).filter(|folder| !folder.is_empty());
    let join = |folder: &str, ending: &str| {
        let between = if folder.ends_with(folder_ends) { "" } else { &folder_ends[0].to_string() };
        PathBuf::from(format!("{folder}{between}{name}{}", ending.to_lowercase()))
    };
    let has_ending = Path::new(name).extension().and_then(OsStr::to_str).is_some();
    let endings: Vec<_> = match facts.is_windows() && !has_ending {
        true => endings.split(';').collect(),
        false => vec![""],
    };
    let mut candidates = folders.flat_map(|folder| endings.iter().map(move |ending| join(folder, ending)));
    candidates.find(|candidate| (facts.is_program)(candidate))
}
