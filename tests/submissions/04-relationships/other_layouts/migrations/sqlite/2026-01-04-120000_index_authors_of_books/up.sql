CREATE INDEX books_by_author ON books (author_id) WHERE author_id IS NOT NULL;
