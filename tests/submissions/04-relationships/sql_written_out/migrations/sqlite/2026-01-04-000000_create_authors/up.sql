-- Task: Create `authors`, and add a column for its key to `books`. It may be empty; otherwise the author exists, and takes the book along when deleted.

create table authors (
    id integer not null,
    name text not null check (length(name) <= 50),
    primary key (id)
);

alter table books
    add author_id integer null
    constraint written_by references authors (id) on delete cascade on update restrict;
