//! What the statements of `setup.sql` do on a real server.

use diesel::connection::SimpleConnection;
use squawk_syntax::{SourceFile, ast::AstNode};

use crate::text;

/// A server of its own, on which `setup.sql` has run: roles belong to a whole server, and the
/// student may have a `book_user` already.
pub struct SetUpServer(gate_contract::postgres::Throwaway);

impl SetUpServer {
    /// # Panics
    ///
    /// When the server does not start or refuses a statement, with its words.
    pub fn after(sql: &str) -> Self {
        let server = gate_contract::postgres::Throwaway::start();
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
            Ok(mut conn) => crate::database::reading::rows(
                &mut conn,
                "current_user, current_database()",
                "(SELECT 1) AS one",
            ),
            Err(error) if error.to_string().contains("password authentication failed") => {
                "refused: wrong password".to_owned()
            }
            Err(error) => format!("refused: {error}"),
        }
    }

    pub fn owner(&self, database: &str) -> String {
        let mut conn = self.connect(self.0.url()).expect("the superuser can sign in");
        let from = format!("pg_database WHERE datname = '{database}'");
        crate::database::reading::rows(&mut conn, "datname, pg_get_userbyid(datdba)", &from)
    }

    fn connect(&self, url: &str) -> diesel::ConnectionResult<crate::database::Db> {
        crate::sql_log::unlogged(|| diesel::Connection::establish(url))
    }
}
