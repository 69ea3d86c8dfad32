-- Task: Create the table `books` for SQLite: a key, a title of at most 50 characters, and the pages, if known.

create table books (
    id integer not null,
    title text not null check (length(title) <= 50),
    pages integer null,
    primary key (id)
);
