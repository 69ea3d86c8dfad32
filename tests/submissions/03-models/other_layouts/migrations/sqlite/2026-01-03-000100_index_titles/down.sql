drop index "books_by_title";
