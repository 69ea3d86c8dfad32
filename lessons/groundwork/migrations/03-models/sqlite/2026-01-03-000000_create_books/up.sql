CREATE TABLE books (
    id INTEGER PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    pages INTEGER,
    CONSTRAINT title_length CHECK (length(title) <= 50)
);
