-- Task: Create `authors`, and add a column for its key to `books`. It may be empty. It refers to an author who exists, and whose books go when the author is deleted.
CREATE TABLE authors (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT name_length CHECK (length(name) <= 50)
);

ALTER TABLE books ADD COLUMN author_id INTEGER REFERENCES authors (id) ON DELETE CASCADE;
-- End of task.
