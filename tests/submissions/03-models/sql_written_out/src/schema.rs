//! The tables as Diesel sees them.

diesel::table! {
    books (id) {
        id -> Integer,
        // Task: Add the other two columns, with their types.
        title -> Text,
        pages -> Nullable<Integer>,
    }
}
