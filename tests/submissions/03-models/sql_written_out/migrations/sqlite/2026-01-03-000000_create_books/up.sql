-- Task: Create the table `books` for SQLite: `id`, `title` (at most 50 characters), and `pages` (may be NULL).

create table books (
    id integer not null,
    title text not null check (length(title) <= 50),
    pages integer null,
    primary key (id)
);
