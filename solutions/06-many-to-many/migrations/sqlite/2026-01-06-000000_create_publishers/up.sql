CREATE TABLE publishers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT publisher_name_length CHECK (length(name) <= 50)
);

-- Task: Create the association table `publishers_books` on SQLite: two references, which together are the key.
CREATE TABLE publishers_books (
    book_id INTEGER NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    publisher_id INTEGER NOT NULL REFERENCES publishers (id) ON DELETE CASCADE,
    PRIMARY KEY (book_id, publisher_id)
);
-- End of task.
