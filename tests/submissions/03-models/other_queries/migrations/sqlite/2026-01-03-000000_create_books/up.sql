-- Task: Create the table `books` for SQLite: `id`, `title` (at most 50 characters), and `pages` (may be NULL).
create table books (
    id integer not null,
    title text not null check (length(title) between 0 and 50),
    pages integer default null,
    primary key (id)
);
