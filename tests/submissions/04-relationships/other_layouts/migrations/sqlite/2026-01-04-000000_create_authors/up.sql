-- Task: Create `authors`, and add a column for its key to `books`. It may be empty. It refers to an author who exists, and whose books go when the author is deleted.

-- SQLite lets a column refer to a table that is made a moment later.
ALTER TABLE books
    ADD COLUMN author_id INTEGER DEFAULT NULL
    CONSTRAINT written_by REFERENCES authors (id) ON UPDATE CASCADE ON DELETE CASCADE;

CREATE TABLE authors (
    id INTEGER NOT NULL CONSTRAINT pk_authors PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT authors_name_at_most_50 CHECK (NOT length(name) > 50)
) STRICT;
