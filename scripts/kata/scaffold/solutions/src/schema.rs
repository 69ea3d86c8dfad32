//! The tables, declared for Diesel.

diesel::table! {
    books (id) {
        id -> Integer,
        title -> Text,
        pages -> Nullable<Integer>,
        author_id -> Nullable<Integer>,
    }
}
