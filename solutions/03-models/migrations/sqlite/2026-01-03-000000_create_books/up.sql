-- Task: Create the table `books` for SQLite: a key, a title of at most 50 characters, and the pages, if known.
CREATE TABLE books (
    id INTEGER PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    pages INTEGER,
    CONSTRAINT title_length CHECK (length(title) <= 50)
);
-- End of task.
