//! A database that refuses what nothing in the arguments of a call shows: is a write undone as a whole?

use super::{Database, place};

impl Database {
    /// What `work` returns while the database refuses the rows of `table` for which `condition` holds: a condition on
    /// the columns of `NEW`.
    ///
    /// # Panics
    ///
    /// When there is no such table, or no such column.
    pub fn while_refusing<T>(
        &mut self,
        table: &str,
        condition: &str,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.run_all(&place::refuse(table, condition));
        let provoked = gate_contract::provoked::begin();
        let result = work(self);
        drop(provoked);
        self.run_all(&place::refuse_no_more(table));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_refused_for_a_while() {
        let mut shop = Database::with("CREATE TABLE books (title TEXT)");
        let emma = "INSERT INTO books (title) VALUES ('Emma')";
        shop.while_refusing("books", "NEW.title = 'Emma'", |shop| {
            assert!(shop.run(emma).starts_with("refused: "));
            assert_eq!(shop.run("INSERT INTO books (title) VALUES ('Persuasion')"), "done, 1 row(s)");
        });
        assert_eq!(shop.run(emma), "done, 1 row(s)");
    }
}
