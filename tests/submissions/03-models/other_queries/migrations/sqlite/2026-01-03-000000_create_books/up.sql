-- Task: Create the table `books` for SQLite: a key, a title of at most 50 characters, and the pages, if known.
create table books (
    id integer not null,
    title text not null check (length(title) between 0 and 50),
    pages integer default null,
    primary key (id)
);
