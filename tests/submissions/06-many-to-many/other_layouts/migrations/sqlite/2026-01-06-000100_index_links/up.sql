CREATE INDEX links_by_publisher ON publishers_books (publisher_id, book_id);
