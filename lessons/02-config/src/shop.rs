//! The app's only query. Lesson 3 shows a better way to write it.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use groundwork::Db;

/// Returns the number in the table `shop`.
pub fn number_of_books(conn: &mut Db) -> QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Shop {
        #[diesel(sql_type = Integer)]
        books: i32,
    }

    let shop: Shop = diesel::sql_query("SELECT books FROM shop").get_result(conn)?;
    Ok(shop.books)
}
