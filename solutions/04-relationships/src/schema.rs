//! The tables as Diesel sees them.

diesel::table! {
    authors (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    books (id) {
        id -> Integer,
        title -> Text,
        pages -> Nullable<Integer>,
        // Task: Add the column that refers to the author, with its type.
        author_id -> Nullable<Integer>,
        // End of task.
    }
}
