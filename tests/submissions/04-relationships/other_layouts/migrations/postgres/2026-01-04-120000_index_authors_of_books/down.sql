DROP INDEX books_by_author;
