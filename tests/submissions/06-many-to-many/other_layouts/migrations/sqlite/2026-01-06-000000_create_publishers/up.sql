CREATE TABLE publishers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT publisher_name_length CHECK (length(name) <= 50)
);

-- Task: Create the association table `publishers_books` on SQLite: two references, which together are the key.
CREATE TABLE publishers_books (
    book_id INTEGER NOT NULL,
    publisher_id INTEGER NOT NULL,
    CONSTRAINT link_to_publisher FOREIGN KEY (publisher_id) REFERENCES publishers (id)
        ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT link_to_book FOREIGN KEY (book_id) REFERENCES books (id)
        ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT one_link_for_each_pair PRIMARY KEY (book_id, publisher_id)
) STRICT, WITHOUT ROWID;
