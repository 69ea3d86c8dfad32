//! `.env` and its example: a name that nothing reads, a value that is not one, a URL that leads nowhere.

use std::io::ErrorKind;
use std::path::Path;

use super::code::Code;
use super::failure::Failure;
use super::found::Found;
use super::text::nearest;

/// What the lessons and Order Up read.
const NAMES: [&str; 4] = ["DATABASE_URL", "SQL_ECHO", "ADDRESS", "SECRET_KEY"];
/// How the URL of a database begins.
const SCHEMES: [&str; 3] = ["postgresql://", "postgres://", "sqlite://"];

/// What is wrong with the lesson's example of a `.env`.
pub fn example(failure: &Failure<'_>, code: &Code) -> Option<Found> {
    let source = failure.task_file(".env.example", code)?;
    let (line, lines) = wrong_line(&source.text)?;
    Some(Found::new(lines).at(&source.file, line))
}

/// The first line that is wrong in the text of a `.env`, and why.
pub fn wrong_line(text: &str) -> Option<(usize, Vec<String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let mut settings = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    settings.find_map(|(at, line)| Some((at, why(line)?)))
}

fn why(line: &str) -> Option<Vec<String>> {
    let shown = |why: &str, right: Option<String>| {
        let mut lines = vec![why.to_owned(), String::new(), format!("    {}", hidden(line))];
        lines
            .last_mut()
            .into_iter()
            .filter(|_| right.is_some())
            .for_each(|line| line.push_str("      ← now"));
        lines.extend(right.map(|right| format!("    {}", hidden(&right))));
        lines
    };
    let plain = line.strip_prefix("export ").unwrap_or(line);
    let Some((name, value)) = plain.split_once('=') else {
        let right = plain.split_once(':').map(|(name, value)| format!("{}={}", name.trim(), value.trim()));
        let right = right.filter(|right| NAMES.iter().any(|name| right.starts_with(&format!("{name}="))));
        return Some(shown("A setting is written NAME=value, on one line.", right));
    };
    let (name, value) = (name.trim_end(), value.trim());
    // A colon before the `=` of a query, for example.
    if let Some((before, rest)) = plain.split_once(':').filter(|(before, _)| NAMES.contains(&before.trim())) {
        return Some(shown(
            "A setting is written NAME=value, on one line.",
            Some(format!("{}={}", before.trim(), rest.trim())),
        ));
    }
    if !NAMES.contains(&name) {
        let upper = name.to_uppercase().replace([' ', '-'], "_");
        let right = nearest(&upper, &NAMES)?;
        let why = format!("Nothing reads a setting `{name}`. Is it `{right}`?");
        return Some(shown(&why, Some(format!("{right}={value}"))));
    }
    let first = value.chars().next()?;
    if "‘’“”„".contains(first) {
        let inner = value.trim_matches(['‘', '’', '“', '”', '„']);
        return Some(shown(
            "These are curly quotes. Use straight quotes:",
            Some(format!("{name}='{inner}'")),
        ));
    }
    let is_quoted = |quote: char| first == quote;
    if (is_quoted('"') || is_quoted('\'')) && !value[1..].contains(first) {
        let why = format!("The quote `{first}` that opens the value is never closed.");
        return Some(shown(&why, Some(format!("{name}={value}{first}"))));
    }
    let inner = value.trim_matches(['"', '\'']);
    if first != '"' && first != '\'' && value.contains(' ') && !value.contains(" #") {
        return Some(shown("Put a value with a space in single quotes.", Some(format!("{name}='{value}'"))));
    }
    if name != "DATABASE_URL" {
        return None;
    }
    let scheme = inner.split_inclusive("://").next().filter(|scheme| scheme.ends_with("://"));
    match scheme {
        Some(scheme) if !SCHEMES.contains(&scheme) => {
            let right = nearest(scheme, &SCHEMES)?;
            let why = format!("No database has URLs that begin with `{scheme}`. Is it `{right}`?");
            Some(shown(&why, Some(line.replacen(scheme, right, 1))))
        }
        None => {
            // `postgresql:/…` and `postgresql//…`.
            let start = inner.split(['/', ':']).next()?;
            let right = SCHEMES.iter().find(|scheme| scheme.starts_with(&format!("{start}:")))?;
            let rest = inner[start.len()..].trim_start_matches([':', '/']);
            let why = "A URL has `://` after its scheme.";
            Some(shown(why, Some(format!("{name}={right}{rest}"))))
        }
        Some(scheme) => {
            let right = swapped(inner.strip_prefix(scheme)?)?;
            // Where the password stands for the host, nothing is hidden by itself.
            let user = right.split(':').next()?;
            Some(vec![
                "`:` stands between the role and its password, and `@` between the password and the host."
                    .to_owned(),
                String::new(),
                format!("    {name}={scheme}{user}@…:…      ← now"),
                format!("    {}", hidden(&format!("{name}={scheme}{right}"))),
            ])
        }
    }
}

/// `role@password:host/…`: what was meant, where the two signs are exchanged.
fn swapped(rest: &str) -> Option<String> {
    let (user, behind) = rest.split_once('@')?;
    let (host, path) = behind.split_once('/')?;
    let (password, host) = host.split_once(':')?;
    let is_port = host.chars().all(|c| c.is_ascii_digit());
    let is_plain = |text: &str| !text.is_empty() && !text.contains([':', '@', '[']);
    let is_swapped = [user, password, host].into_iter().all(is_plain) && !is_port;
    is_swapped.then(|| format!("{user}:{password}@{host}/{path}"))
}

/// A line without the password and the key in it: what is on a screen is on a projector, too.
fn hidden(line: &str) -> String {
    if let Some((name, value)) = line.split_once('=')
        && name.contains("SECRET")
    {
        return format!("{name}={}", if value.is_empty() { "" } else { "…" });
    }
    let Some((before, host)) = line.rsplit_once('@') else { return line.to_owned() };
    // Also behind a scheme that is written wrong: `postgresql:/a:secret@localhost`.
    let value = before.find(['=', ' ']).map_or(0, |at| at + 1);
    let scheme = before[value..].find([':', '/']).map_or(value, |at| value + at);
    let user = scheme + before[scheme..].chars().take_while(|c| ":/".contains(*c)).count();
    match before[user..].find(':') {
        Some(at) => format!("{}:…@{host}", &before[..user + at]),
        None => line.to_owned(),
    }
}

/// What is wrong with the workspace's `.env`, for a program that is about to read it. A missing file is not wrong.
pub fn of_workspace(root: &Path) -> Vec<String> {
    const FILE: &str = ".env";
    let path = root.join(FILE);
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return vec![format!("{FILE} cannot be read: {error}. `ls -l {FILE}` shows whose it is.")];
        }
        Err(_) => return Vec::new(),
    };
    if let Some((line, lines)) = wrong_line(&text) {
        return [vec![format!("{FILE}, line {line}:"), String::new()], lines].concat();
    }
    let value = text.lines().rev().find_map(|line| line.trim().strip_prefix("DATABASE_URL="));
    value.and_then(|value| no_folder(value.trim().trim_matches(['"', '\'']), root)).into_iter().collect()
}

/// The folder of SQLite's file does not exist.
fn no_folder(url: &str, root: &Path) -> Option<String> {
    let path = url.strip_prefix("sqlite://").unwrap_or(url);
    if path.contains("://") || path.is_empty() || path.starts_with(':') {
        return None;
    }
    let folder = root.join(path).parent()?.to_owned();
    (!folder.is_dir()).then(|| {
        format!("DATABASE_URL leads into the folder {}, which does not exist; SQLite makes the file, not the folder.", folder.display())
    })
}

#[cfg(test)]
mod tests {
    use super::{of_workspace, wrong_line};

    #[test]
    fn the_workspaces_file_is_checked_before_a_program_reads_it() {
        let root = tempfile::tempdir().unwrap();
        let said = |text: &str| {
            std::fs::write(root.path().join(".env"), text).unwrap();
            of_workspace(root.path()).join("\n")
        };
        assert!(of_workspace(root.path()).is_empty());
        assert_eq!(said("DATABASE_URL=sqlite://shop.db\n"), "");
        assert_eq!(said("DATABASE_URL=postgresql://a:b@localhost/c\n"), "");
        assert!(said("DATABASE_URL='sqlite://nowhere/shop.db'\n").contains("which does not exist"));
        assert!(said("SQL_ECHO=1\nDATABASE_ULR=shop.db\n").starts_with(".env, line 2:"));
    }

    fn why(text: &str) -> Option<(usize, String)> {
        wrong_line(text).map(|(line, lines)| (line, lines.join("\n")))
    }

    #[test]
    fn correct_settings_are_not_explained() {
        for text in [
            "",
            "# A comment\n\nDATABASE_URL=postgresql://a:b@localhost/c\n",
            "export DATABASE_URL=\"postgres://a:b@localhost:5432/c\"\nSQL_ECHO=1\n",
            "DATABASE_URL='sqlite://my shop.db' # mine\n",
            "DATABASE_URL=postgresql://a@localhost:5432/c\n",
            "DATABASE_URL=postgresql://a@[::1]:5432/c\n",
            "DATABASE_URL=postgresql://a@localhost/c:d\n",
            "DATABASE_URL=bookshop.db\nOTHER=1\nSECRET_KEY=\n",
        ] {
            assert_eq!(why(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_setting_is_shown_corrected_and_without_its_password() {
        for (text, line, shows) in [
            ("\nDATABASE_ULR=sqlite://a.db", 2, "DATABASE_URL=sqlite://a.db"),
            (
                "DATABASE_URL: postgresql://a:secret@localhost/b",
                1,
                "DATABASE_URL=postgresql://a:…@localhost/b",
            ),
            ("DATABASE_URL=\"postgresql://a:secret@localhost/b", 1, "never closed"),
            (
                "DATABASE_URL=postgresqll://a:secret@localhost/b",
                1,
                "DATABASE_URL=postgresql://a:…@localhost/b",
            ),
            ("DATABASE_URL=postgresql:/a:secret@localhost/b", 1, "DATABASE_URL=postgresql://a:…@localhost/b"),
            (
                "DATABASE_URL=postgresql://a@secret:localhost/b",
                1,
                "DATABASE_URL=postgresql://a:…@localhost/b",
            ),
            ("DATABASE_URL=sqlite://my shop.db", 1, "DATABASE_URL='sqlite://my shop.db'"),
            ("SECRET_KEY=“secret”", 1, "curly"),
            ("database_url=sqlite://a.db", 1, "DATABASE_URL=sqlite://a.db"),
        ] {
            let (at, said) = why(text).unwrap_or_else(|| panic!("{text}"));
            assert!(at == line && said.contains(shows) && !said.contains("secret"), "{text}: {at}: {said}");
        }
    }
}
