-- Task: Create `authors`, and add a column for its key to `books`. It may be empty. It refers to an author who exists, and whose books go when the author is deleted.

create table authors (
    id integer not null,
    name text not null check (length(name) <= 50),
    primary key (id)
);

alter table books
    add author_id integer null
    constraint written_by references authors (id) on delete cascade on update restrict;
