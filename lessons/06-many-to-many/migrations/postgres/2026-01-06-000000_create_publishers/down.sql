DROP TABLE publishers_books;

DROP TABLE publishers;
