-- Task: Create `authors`, and add a nullable foreign key `author_id` to `books`; deleting an author deletes the books.
CREATE TABLE authors (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT name_length CHECK (length(name) <= 50)
);

ALTER TABLE books ADD COLUMN author_id INTEGER REFERENCES authors (id) ON DELETE CASCADE;
-- End of task.
