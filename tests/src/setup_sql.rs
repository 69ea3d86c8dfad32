//! What the statements of `setup.sql` would do, read without a server.
//!
//! PostgreSQL's own grammar decides what is a statement, so every spelling that a server takes
//! is understood (`CREATE USER … PASSWORD`, `CREATE ROLE … LOGIN`, `OWNER = x`, `ALTER DATABASE
//! … OWNER TO x`), and a mistake is reported with its line.

use std::collections::BTreeMap;
use std::fmt::Write;

use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode, ast::AstNode};

use crate::text;

#[derive(Default)]
struct Role {
    can_sign_in: bool,
    password: Option<String>,
    /// What else it may, as a role of an app should not.
    rights: Vec<String>,
}

/// Rights that a statement can give to a role.
const RIGHTS: [&str; 5] = ["SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS"];

/// A description of the roles and databases that `sql` makes, one on a line.
pub fn read_setup_sql(sql: &str) -> String {
    let sql = &*text::plain(sql);
    let parse = SourceFile::parse(sql);
    let mut text = String::new();
    // The first mistake leads to the others, and a server runs nothing of what it cannot read.
    if let Some(error) = parse.errors().first() {
        let (before, behind) = sql.split_at(usize::from(error.range().start()));
        // What is missing is missing behind a word; the next one may be lines below.
        let at = match before.split_whitespace().last() {
            Some(word) if !before.ends_with(char::is_whitespace) => format!("after {word}"),
            _ => format!("at {}", behind.split_whitespace().next().unwrap_or("the end")),
        };
        return format!("line {}, {at}: {}\n", before.matches('\n').count() + 1, error.message());
    }
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    let mut databases: BTreeMap<String, Option<String>> = BTreeMap::new();
    for statement in parse.tree().syntax().children() {
        let words = words(&statement);
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["CREATE", kind @ ("USER" | "ROLE"), name, ..] => {
                let login = kind == "USER" || words.iter().any(|word| word == "LOGIN");
                let role = Role {
                    can_sign_in: login && !words.iter().any(|word| word == "NOLOGIN"),
                    password: after(&words, "PASSWORD"),
                    rights: words.iter().filter(|word| RIGHTS.contains(&word.as_str())).cloned().collect(),
                };
                roles.insert(name.to_owned(), role);
            }
            ["CREATE", "DATABASE", name, ..] => {
                let owner = after(&words, "OWNER");
                if let Some(owner) = owner.as_deref().filter(|owner| !roles.contains_key(*owner)) {
                    let _ = writeln!(text, "database {name}: no statement before it makes a role {owner}");
                }
                databases.insert(name.to_owned(), owner);
            }
            ["ALTER", "DATABASE", name, "OWNER", "TO", owner, ..] => {
                databases.insert(name.to_owned(), Some(owner.to_owned()));
            }
            _ if statement.kind() == SyntaxKind::ERROR => {}
            _ => {
                let _ = writeln!(text, "another statement: {}", statement.text());
            }
        }
    }
    for (name, role) in roles {
        let sign_in = if role.can_sign_in { "can sign in" } else { "cannot sign in" };
        let password = role.password.map_or("no password".to_owned(), |it| format!("password '{it}'"));
        let rights: String = role.rights.iter().map(|right| format!(", {}", right.to_lowercase())).collect();
        let _ = writeln!(text, "role {name}: {sign_in}, {password}{rights}");
    }
    for (name, owner) in databases {
        let _ = writeln!(text, "database {name}: owner {}", owner.as_deref().unwrap_or("(nobody named)"));
    }
    if text.is_empty() {
        text.push_str("(no statements)\n");
    }
    text
}

/// The statement's words: keywords in capitals, names and strings as the server reads them.
fn words(statement: &SyntaxNode) -> Vec<String> {
    let tokens = statement.descendants_with_tokens().filter_map(|element| element.into_token());
    tokens
        .filter(|token| !token.kind().is_trivia() && token.text() != ";" && token.text() != "=")
        .map(|token| match token.kind() {
            SyntaxKind::STRING => token.text().trim_matches('\'').replace("''", "'"),
            _ if token.text().starts_with('"') => token.text().trim_matches('"').to_owned(),
            _ if is_keyword(token.text()) => token.text().to_uppercase(),
            _ => token.text().to_lowercase(),
        })
        .filter(|word| word != "WITH" && word != "ENCRYPTED")
        .collect()
}

fn is_keyword(text: &str) -> bool {
    const KEYWORDS: [&str; 12] = [
        "ALTER",
        "CREATE",
        "DATABASE",
        "ENCRYPTED",
        "LOGIN",
        "NOLOGIN",
        "OWNER",
        "PASSWORD",
        "ROLE",
        "TO",
        "USER",
        "WITH",
    ];
    KEYWORDS.iter().chain(&RIGHTS).any(|keyword| keyword.eq_ignore_ascii_case(text))
}

fn after(words: &[String], keyword: &str) -> Option<String> {
    let at = words.iter().position(|word| word == keyword)?;
    words.get(at + 1).cloned()
}

/// A server of its own, on which `setup.sql` has run: roles belong to a whole server, and the
/// student may have a `book_user` already.
#[cfg(feature = "postgres")]
pub struct SetUpServer(crate::postgres::Throwaway);

#[cfg(feature = "postgres")]
impl SetUpServer {
    /// # Panics
    ///
    /// When the server does not start or refuses a statement, with its words.
    pub fn after(sql: &str) -> Self {
        use diesel::connection::SimpleConnection;

        let server = crate::postgres::Throwaway::start();
        let this = Self(server.unwrap_or_else(|error| panic!("{}", error.with_causes())));
        let mut conn = this.connect(this.0.url()).expect("the superuser can sign in");
        for statement in SourceFile::parse(&text::plain(sql)).tree().syntax().children() {
            // One at a time: PostgreSQL refuses CREATE DATABASE among others.
            let text = statement.text().to_string();
            conn.batch_execute(&text).unwrap_or_else(|error| panic!("setup.sql: {text}: {error}"));
        }
        this
    }

    /// What happens when `role` signs in with `password`.
    pub fn sign_in(&self, role: &str, password: &str, database: &str) -> String {
        let server = self.0.url();
        let host =
            server.rsplit_once('@').map_or(server, |(_, rest)| rest).split('/').next().unwrap_or_default();
        match self.connect(&format!("postgresql://{role}:{password}@{host}/{database}")) {
            Ok(mut conn) => {
                crate::database::rows(&mut conn, "current_user, current_database()", "(SELECT 1) AS one")
            }
            Err(error) if error.to_string().contains("password authentication failed") => {
                "refused: wrong password".to_owned()
            }
            Err(error) => format!("refused: {error}"),
        }
    }

    pub fn owner(&self, database: &str) -> String {
        let mut conn = self.connect(self.0.url()).expect("the superuser can sign in");
        let from = format!("pg_database WHERE datname = '{database}'");
        crate::database::rows(&mut conn, "datname, pg_get_userbyid(datdba)", &from)
    }

    fn connect(&self, url: &str) -> diesel::ConnectionResult<crate::database::Db> {
        crate::sql_log::unlogged(|| diesel::Connection::establish(url))
    }
}

#[cfg(test)]
mod tests {
    use super::read_setup_sql;

    #[test]
    fn what_is_missing_is_missing_behind_a_word() {
        let sql = "CREATE USER a WITH PASSWORD 'b'\n\n-- And then:\nCREATE DATABASE c;\n";
        assert!(read_setup_sql(sql).starts_with("line 1, after 'b': "), "{}", read_setup_sql(sql));
        let sql = "CREATE USER a;\nCREAT DATABASE c;\n";
        assert!(read_setup_sql(sql).starts_with("line 2, at CREAT: "), "{}", read_setup_sql(sql));
    }

    #[test]
    fn an_owner_whom_nobody_has_made_is_named() {
        let said = read_setup_sql("CREATE USER book_user;\nCREATE DATABASE books OWNER bookuser;\n");
        assert!(said.contains("no statement before it makes a role bookuser"), "{said}");
    }
}
