-- Task: Create the table `books` for SQLite: `id`, `title` (at most 50 characters), and `pages` (may be NULL).
create table "books" (
    "id" INTEGER not null,
    "title" TEXT not null
        constraint "books_title_is_short" check (length("title") between 0 and 50),
    constraint "books_key" primary key ("id" autoincrement)
) strict;

alter table "books" add column "pages" INTEGER;
