-- Task: Create `authors`, and add a nullable foreign key `author_id` to `books`; deleting an author deletes the books.

-- SQLite lets a column refer to a table that is made a moment later.
ALTER TABLE books
    ADD COLUMN author_id INTEGER DEFAULT NULL
    CONSTRAINT written_by REFERENCES authors (id) ON UPDATE CASCADE ON DELETE CASCADE;

CREATE TABLE authors (
    id INTEGER NOT NULL CONSTRAINT pk_authors PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT authors_name_at_most_50 CHECK (NOT length(name) > 50)
) STRICT;
