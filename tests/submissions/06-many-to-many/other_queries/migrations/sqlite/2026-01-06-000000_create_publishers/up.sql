CREATE TABLE publishers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT publisher_name_length CHECK (length(name) <= 50)
);

-- Task: Create the association table `publishers_books` on SQLite: two references, which together are the key.
create table publishers_books (
    book_id integer not null,
    publisher_id integer not null,
    constraint one_link_for_each_pair primary key (book_id, publisher_id),
    constraint link_to_book foreign key (book_id) references books (id) on delete cascade,
    constraint link_to_publisher foreign key (publisher_id) references publishers (id) on delete cascade
);

-- The key serves the search by book; this serves the one by publisher.
create index publishers_books_by_publisher on publishers_books (publisher_id);
