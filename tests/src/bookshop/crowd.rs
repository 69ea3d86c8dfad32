//! More rows than anybody would limit a query to.

use fake::rand::RngExt;

use crate::database::Database;
use crate::seed;

/// Adds the rows that `rows` selects from a table `numbers`, which holds those from 1 to about a thousand, and says how
/// that went.
pub fn add_many(database: &mut Database, table: &str, rows: &str) -> String {
    let many = seed::drawn(1000, "many", |rng| rng.random_range(900..1100));
    database.run(&format!(
        "INSERT INTO {table} WITH RECURSIVE numbers(i) AS
         (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {many}) {rows}"
    ))
}
