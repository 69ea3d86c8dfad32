//! What the student's code ran.

use super::Database;
use crate::sql_log::{self, Line};

impl Database {
    /// What the student's code ran, as readers see it: statements with the values that were bound, and remarks, which
    /// begin with `--`.
    pub fn statements(&self) -> Vec<String> {
        self.lines().iter().map(|line| line.shown().to_owned()).collect()
    }

    /// How many connections the student's code has opened.
    pub fn connections(&self) -> usize {
        sql_log::check(&self.log);
        sql_log::lock(&self.log).connections
    }

    /// The statements that the student's code ran, in a form that is the same on both databases:
    /// names in double quotes, `?` for every bound value.
    pub fn sql(&self) -> Vec<String> {
        let lines = self.lines();
        let sql = lines.iter().filter_map(|line| match line {
            Line::Statement { sql, .. } => Some(portable(sql)),
            Line::Remark(_) => None,
        });
        sql.collect()
    }

    /// Of [`Database::sql`], those that ask for something or change something: a transaction around them costs nothing.
    pub fn queries(&self) -> Vec<String> {
        self.sql().into_iter().filter(|sql| !sql_log::is_around(sql)).collect()
    }

    fn lines(&self) -> Vec<Line> {
        sql_log::check(&self.log);
        sql_log::lock(&self.log).lines.clone()
    }
}

fn portable(sql: &str) -> String {
    let mut portable = String::new();
    let mut rest = sql.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '`' => portable.push('"'),
            '$' if rest.peek().is_some_and(char::is_ascii_digit) => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                portable.push('?');
            }
            other => portable.push(other),
        }
    }
    portable
}
