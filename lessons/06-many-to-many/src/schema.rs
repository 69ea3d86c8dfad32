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
        author_id -> Nullable<Integer>,
    }
}

diesel::table! {
    publishers (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    publishers_books (book_id, publisher_id) {
        book_id -> Integer,
        publisher_id -> Integer,
    }
}

diesel::joinable!(books -> authors (author_id));
diesel::joinable!(publishers_books -> books (book_id));
diesel::joinable!(publishers_books -> publishers (publisher_id));
diesel::allow_tables_to_appear_in_same_query!(authors, books, publishers, publishers_books);
