//! The tables as Diesel sees them.

diesel::table! {
    books (id) {
        id -> Integer,
        // Task: Add the column that refers to the author, with its type.
        #[sql_name = "author_id"]
        author_id -> Nullable<Integer>,
        title -> Text,
        pages -> Nullable<Integer>,
    }
}

diesel::table! {
    authors (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::joinable!(books -> authors (author_id));
diesel::allow_tables_to_appear_in_same_query!(books, authors);
