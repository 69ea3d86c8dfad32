CREATE TABLE publishers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT publisher_name_length CHECK (length(name) <= 50)
);

-- Task: Create the association table `publishers_books` on SQLite: two references, which together are the key.
