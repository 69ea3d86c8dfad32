ALTER TABLE books DROP COLUMN author_id;

DROP TABLE authors;
