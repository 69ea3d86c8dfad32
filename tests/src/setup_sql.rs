//! What the statements of `setup.sql` would do, read without a server.
//!
//! PostgreSQL's own grammar decides what is a statement, so every spelling that a server takes
//! is understood (`CREATE USER … PASSWORD`, `CREATE ROLE … LOGIN`, `OWNER = x`, `ALTER DATABASE
//! … OWNER TO x`), and a mistake is reported with its line.

#[cfg(feature = "postgres")]
mod server;

use std::collections::BTreeMap;
use std::fmt::Write;

use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode, ast::AstNode};

use crate::text;

#[cfg(feature = "postgres")]
pub use server::SetUpServer;

/// What the statements so far have made.
#[derive(Default)]
struct Server {
    roles: BTreeMap<String, Role>,
    databases: BTreeMap<String, Base>,
}

#[derive(Default)]
struct Role {
    can_sign_in: bool,
    password: Option<String>,
    /// What else it may, as a role of an app should not.
    rights: Vec<String>,
    /// What keeps it from signing in, and whose rights it has.
    limits: Vec<String>,
}

#[derive(Default)]
struct Base {
    owner: Option<String>,
    limits: Vec<String>,
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
    let mut server = Server::default();
    for statement in parse.tree().syntax().children() {
        let words = words(&statement);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        if statement.kind() == SyntaxKind::ERROR {
            continue;
        }
        match server.run(&words) {
            Ok(()) => {}
            Err(Some(refused)) => text.push_str(&format!("{refused}\n")),
            Err(None) => text.push_str(&format!("another statement: {}\n", statement.text())),
        }
    }
    for (name, Role { can_sign_in, password, rights, limits }) in server.roles {
        let sign_in = if can_sign_in { "can sign in" } else { "cannot sign in" };
        let password = password.map_or("no password".to_owned(), |it| format!("password '{it}'"));
        let more: String =
            rights.iter().chain(&limits).map(|more| format!(", {}", more.to_lowercase())).collect();
        let _ = writeln!(text, "role {name}: {sign_in}, {password}{more}");
    }
    for (name, Base { owner, limits }) in server.databases {
        let more: String = limits.iter().map(|limit| format!(", {limit}")).collect();
        let _ =
            writeln!(text, "database {name}: owner {}{more}", owner.as_deref().unwrap_or("(nobody named)"));
    }
    if text.is_empty() {
        text.push_str("(no statements)\n");
    }
    text
}

impl Server {
    /// Takes in one statement.
    ///
    /// # Errors
    ///
    /// Why a server would refuse it, or nothing if it is a statement of another kind.
    fn run(&mut self, words: &[&str]) -> Result<(), Option<String>> {
        match *words {
            ["CREATE", kind @ ("USER" | "ROLE" | "GROUP"), name, ref options @ ..] => {
                if self.roles.contains_key(name) {
                    return Err(Some(format!("role {name}: a statement before it has created it")));
                }
                let mut role = Role { can_sign_in: kind == "USER", ..Role::default() };
                role.set(options);
                self.roles.insert(name.to_owned(), role);
                Ok(())
            }
            ["ALTER", "USER" | "ROLE", name, ref options @ ..] if is_of_options(options) => {
                let nobody = || Some(format!("role {name}: no statement before it creates it"));
                self.roles.get_mut(name).ok_or_else(nobody)?.set(options);
                Ok(())
            }
            ["CREATE", "DATABASE", name, ref options @ ..] => {
                if self.databases.contains_key(name) {
                    return Err(Some(format!("database {name}: a statement before it has created it")));
                }
                let mut base = Base::default();
                base.set(options);
                let unknown = base.owner.clone().filter(|owner| !self.roles.contains_key(owner));
                self.databases.insert(name.to_owned(), base);
                unknown.map_or(Ok(()), |owner| Err(Some(no_role(name, &owner))))
            }
            ["ALTER", "DATABASE", name, "OWNER", "TO", owner] => {
                let nothing = || Some(format!("database {name}: no statement before it creates it"));
                let base = self.databases.get_mut(name).ok_or_else(nothing)?;
                base.owner = Some(owner.to_owned());
                if self.roles.contains_key(owner) { Ok(()) } else { Err(Some(no_role(name, owner))) }
            }
            ["ALTER", "DATABASE", name, ref options @ ..] if is_of_options(options) => {
                let nothing = || Some(format!("database {name}: no statement before it creates it"));
                self.databases.get_mut(name).ok_or_else(nothing)?.set(options);
                Ok(())
            }
            // An owner has all rights already.
            ["GRANT", .., "ON", "DATABASE", database, "TO", role]
                if self.databases.contains_key(database) && self.roles.contains_key(role) =>
            {
                Ok(())
            }
            ["COMMENT", "ON", "ROLE", name, "IS", _] if self.roles.contains_key(name) => Ok(()),
            ["COMMENT", "ON", "DATABASE", name, "IS", _] if self.databases.contains_key(name) => Ok(()),
            _ => Err(None),
        }
    }
}

fn no_role(database: &str, owner: &str) -> String {
    format!("database {database}: no statement before it creates the role {owner}")
}

/// Whether an `ALTER` names options, as `CREATE` does, and does something else with the role or database.
fn is_of_options(words: &[&str]) -> bool {
    !matches!(words.first(), None | Some(&("RENAME" | "SET" | "RESET" | "IN" | "OWNER" | "REFRESH")))
}

impl Role {
    fn set(&mut self, options: &[&str]) {
        let mut options = options.iter().copied().peekable();
        while let Some(option) = options.next() {
            match option {
                "LOGIN" => self.can_sign_in = true,
                "NOLOGIN" => self.can_sign_in = false,
                "PASSWORD" => self.password = options.next().map(str::to_owned),
                "UNTIL" => {
                    let until = options.next().filter(|until| *until != "infinity");
                    self.limits.extend(until.map(|until| format!("the password is valid until {until}")));
                }
                "LIMIT" => self.limits.extend(limit(options.next())),
                "IN" => {
                    // The word behind it is `ROLE`.
                    let names = options.by_ref().skip(1).take_while(|word| *word != ",");
                    self.limits.extend(names.take(1).map(|name| format!("has the rights of {name}")));
                }
                right if RIGHTS.contains(&right) => self.rights.push(right.to_owned()),
                // The words that another one follows, and what a role may or may not do by default.
                "valid" | "connection" | "inherit" | "noinherit" | "null" | "," => {}
                number if is_number(number) => {}
                other => match other.strip_prefix("NO").filter(|right| RIGHTS.contains(right)) {
                    Some(no) => self.rights.retain(|right| right != no),
                    None => self.limits.push(format!("with {other}, which no role has")),
                },
            }
        }
    }
}

/// A part of `-1`.
fn is_number(word: &str) -> bool {
    word == "-" || word.parse::<u32>().is_ok()
}

impl Base {
    fn set(&mut self, options: &[&str]) {
        let mut options = options.iter().copied();
        while let Some(option) = options.next() {
            match option {
                "OWNER" => self.owner = options.next().map(str::to_owned),
                "LIMIT" => self.limits.extend(limit(options.next())),
                "ALLOW_CONNECTIONS" => {
                    let are_allowed = options.next().is_some_and(|it| ["true", "on", "1"].contains(&it));
                    self.limits.extend((!are_allowed).then(|| "takes no connections".to_owned()));
                }
                // A server has these and no others, unless somebody makes them.
                "TEMPLATE" | "TABLESPACE" => {
                    let known = ["template0", "template1", "pg_default", "default"];
                    let other = options.next().filter(|name| !known.contains(name));
                    self.limits.extend(other.map(|name| format!("needs {name}, which no statement creates")));
                }
                "connection" => {}
                number if is_number(number) => {}
                known if OF_A_DATABASE.contains(&known) => {
                    options.next();
                }
                other => self.limits.push(format!("with {other}, which no database has")),
            }
        }
    }
}

/// What a database is made with, besides what decides who uses it: each has a value.
const OF_A_DATABASE: [&str; 12] = [
    "builtin_locale",
    "collation_version",
    "encoding",
    "icu_locale",
    "icu_rules",
    "is_template",
    "lc_collate",
    "lc_ctype",
    "locale",
    "locale_provider",
    "oid",
    "strategy",
];

/// What a `CONNECTION LIMIT` prevents; `-1` is not a limit.
fn limit(number: Option<&str>) -> Option<String> {
    match number? {
        "-" => None,
        "0" => Some("takes no connections".to_owned()),
        number => Some(format!("takes {number} connection(s) at most")),
    }
}

/// The statement's words: keywords in capitals, names and strings as the server reads them.
fn words(statement: &SyntaxNode) -> Vec<String> {
    let tokens = statement.descendants_with_tokens().filter_map(|element| element.into_token());
    tokens
        .filter(|token| !token.kind().is_trivia() && token.text() != ";" && token.text() != "=")
        .map(|token| match token.kind() {
            SyntaxKind::STRING | SyntaxKind::ESC_STRING => between(token.text(), "'").replace("''", "'"),
            SyntaxKind::DOLLAR_QUOTED_STRING => {
                let tag = token.text()[1..].split('$').next().unwrap_or_default();
                between(token.text(), &format!("${tag}$")).to_owned()
            }
            _ if token.text().starts_with('"') => between(token.text(), "\"").to_owned(),
            _ if is_keyword(token.text()) => token.text().to_uppercase(),
            _ => token.text().to_lowercase(),
        })
        .filter(|word| word != "WITH" && word != "ENCRYPTED")
        .collect()
}

/// What stands between two of these marks.
fn between<'a>(text: &'a str, mark: &str) -> &'a str {
    let behind = text.split_once(mark).map_or(text, |(_, behind)| behind);
    behind.strip_suffix(mark).unwrap_or(behind)
}

fn is_keyword(text: &str) -> bool {
    const KEYWORDS: &str = "ALLOW_CONNECTIONS ALTER COMMENT CREATE DATABASE ENCRYPTED GRANT GROUP IN IS LIMIT LOGIN \
                            NOLOGIN ON OWNER PASSWORD REFRESH RENAME RESET ROLE SET TABLESPACE TEMPLATE TO UNTIL USER WITH";
    let is_of = |keyword: &str| keyword.eq_ignore_ascii_case(text);
    let is_right = |right: &&str| is_of(right) || is_of(&format!("NO{right}"));
    KEYWORDS.split_whitespace().any(is_of) || RIGHTS.iter().any(is_right)
}

#[cfg(test)]
mod tests {
    use super::read_setup_sql;

    #[test]
    fn the_error_for_missing_sql_names_the_word_before_it() {
        let sql = "CREATE USER a WITH PASSWORD 'b'\n\n-- And then:\nCREATE DATABASE c;\n";
        assert!(read_setup_sql(sql).starts_with("line 1, after 'b': "), "{}", read_setup_sql(sql));
        let sql = "CREATE USER a;\nCREAT DATABASE c;\n";
        assert!(read_setup_sql(sql).starts_with("line 2, at CREAT: "), "{}", read_setup_sql(sql));
    }

    #[test]
    fn an_owner_that_does_not_exist_is_named() {
        let said = read_setup_sql("CREATE USER book_user;\nCREATE DATABASE books OWNER bookuser;\n");
        assert!(said.contains("no statement before it creates the role bookuser"), "{said}");
    }

    #[test]
    fn unknown_options_are_named() {
        let read = |role: &str, base: &str| {
            read_setup_sql(&format!(
                "CREATE ROLE a LOGIN PASSWORD 'b' {role}; CREATE DATABASE c OWNER a {base};"
            ))
        };
        let plain = read("", "");
        for (role, base) in [
            (
                "CONNECTION LIMIT -1 VALID UNTIL 'infinity' INHERIT NOCREATEDB",
                "ENCODING 'UTF8' CONNECTION LIMIT -1",
            ),
            ("NOINHERIT", "TEMPLATE template0 LC_COLLATE 'C' ALLOW_CONNECTIONS true IS_TEMPLATE false"),
        ] {
            assert_eq!(read(role, base), plain, "{role}; {base}");
        }
        for (role, base, said) in [
            ("READWRITE", "", "with readwrite, which no role has"),
            ("CONNECTION LIMIT 1", "", "takes 1 connection(s) at most"),
            ("", "CONNECTION LIMIT 10", "takes 10 connection(s) at most"),
            ("", "ALLOW_CONNECTIONS false", "takes no connections"),
        ] {
            assert!(read(role, base).contains(said), "{said}: {}", read(role, base));
        }
    }

    #[test]
    fn sql_that_a_server_would_refuse_is_reported() {
        let role = "CREATE USER a PASSWORD 'p'; ";
        for (sql, says) in [
            (format!("{role}{role}"), "role a: a statement before it has created it"),
            (
                "CREATE DATABASE d; CREATE DATABASE d;".to_owned(),
                "database d: a statement before it has created it",
            ),
            ("ALTER ROLE a LOGIN;".to_owned(), "role a: no statement before it creates it"),
            ("ALTER DATABASE d OWNER TO a;".to_owned(), "database d: no statement before it creates it"),
            (
                format!("CREATE DATABASE d; ALTER DATABASE d OWNER TO a; {role}"),
                "database d: no statement before it creates the role a",
            ),
        ] {
            assert!(read_setup_sql(&sql).contains(says), "{sql}: {}", read_setup_sql(&sql));
        }
    }

    #[test]
    fn an_option_that_prevents_sign_in_is_noticed() {
        for (sql, says) in [
            (
                "CREATE USER a PASSWORD 'p' VALID UNTIL '2020-01-01';",
                "the password is valid until 2020-01-01",
            ),
            (
                "CREATE USER a PASSWORD 'p' CONNECTION LIMIT 0;",
                "role a: can sign in, password 'p', takes no connections",
            ),
            ("CREATE USER a PASSWORD 'p' IN ROLE postgres;", "has the rights of postgres"),
            ("CREATE DATABASE d ALLOW_CONNECTIONS = false;", "(nobody named), takes no connections"),
            ("CREATE DATABASE d TABLESPACE = fast;", "needs fast, which no statement creates"),
            ("CREATE DATABASE d CONNECTION LIMIT = 0;", "(nobody named), takes no connections"),
            ("CREATE DATABASE d; ALTER DATABASE d ALLOW_CONNECTIONS off;", "takes no connections"),
            ("CREATE USER a PASSWORD 'p'; GRANT postgres TO a;", "another statement: GRANT postgres TO a"),
        ] {
            assert!(read_setup_sql(sql).contains(says), "{sql}: {}", read_setup_sql(sql));
        }
    }

    #[test]
    fn statements_without_effect_are_accepted() {
        let alone = "CREATE USER a PASSWORD 'p'; CREATE DATABASE d OWNER a;";
        for more in [
            "GRANT ALL PRIVILEGES ON DATABASE d TO a;",
            "COMMENT ON ROLE a IS 'the app''s'; COMMENT ON DATABASE d IS 'books';",
            "ALTER ROLE a WITH LOGIN PASSWORD 'p';",
            "ALTER ROLE a SUPERUSER; ALTER ROLE a NOSUPERUSER CONNECTION LIMIT -1 VALID UNTIL 'infinity';",
            "ALTER DATABASE d WITH ALLOW_CONNECTIONS true;",
        ] {
            assert_eq!(read_setup_sql(&format!("{alone} {more}")), read_setup_sql(alone), "{more}");
        }
        for role in [
            "CREATE USER a PASSWORD $$p$$;",
            "CREATE ROLE a PASSWORD $x$p$x$ LOGIN;",
            "CREATE USER a PASSWORD E'p';",
        ] {
            let sql = format!("{role} CREATE DATABASE d OWNER a;");
            assert_eq!(read_setup_sql(&sql), read_setup_sql(alone), "{role}");
        }
    }
}
