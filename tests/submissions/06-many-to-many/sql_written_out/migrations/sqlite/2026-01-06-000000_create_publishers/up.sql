CREATE TABLE publishers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT publisher_name_length CHECK (length(name) <= 50)
);

-- Task: Create the association table `publishers_books` on SQLite: two references, which together are the key.

create table publishers_books (
    book_id integer not null,
    publisher_id integer not null,
    constraint one_link_per_pair primary key (book_id, publisher_id),
    constraint of_a_book foreign key (book_id) references books (id) on delete cascade,
    constraint at_a_publisher foreign key (publisher_id) references publishers (id) on delete cascade
);

-- The key's index serves the way from a book; this one the way from a publisher.
create index books_of_publisher on publishers_books (publisher_id);
