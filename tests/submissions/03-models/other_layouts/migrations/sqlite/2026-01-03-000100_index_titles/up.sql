create index "books_by_title" on "books" ("title");
