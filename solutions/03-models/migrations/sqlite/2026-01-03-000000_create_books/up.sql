-- Task: Create the table `books` for SQLite: `id`, `title` (at most 50 characters), and `pages` (may be NULL).
CREATE TABLE books (
    id INTEGER PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    pages INTEGER,
    CONSTRAINT title_length CHECK (length(title) <= 50)
);
-- End of task.
