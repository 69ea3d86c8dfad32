//! The tables as Diesel sees them.

diesel::table! {
    books (id) {
        id -> Integer,
        // Task: Name the other two columns and their types.
        title -> VarChar,
        pages -> Nullable<Int4>,
    }
}
