//! The tables as Diesel sees them.

diesel::table! {
    use diesel::sql_types::{Int4, Nullable, Text};

    /// What the shop sells.
    #[sql_name = "books"]
    books (id) {
        /// Made by the database.
        #[sql_name = "id"]
        id -> Int4,
        // Task: Add the other two columns, with their types.
        /// Missing for a book that nobody has counted.
        #[sql_name = "pages"]
        pages -> Nullable<Int4>,
        /// At most fifty characters.
        #[sql_name = "title"]
        #[max_length = 50]
        title -> Text,
    }
}
