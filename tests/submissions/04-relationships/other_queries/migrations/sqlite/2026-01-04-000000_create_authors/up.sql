-- Task: Create `authors`, and add a column for its key to `books`. It may be empty. It refers to an author who exists, and whose books go when the author is deleted.
create table authors (
    id integer not null,
    name text not null,
    primary key (id),
    constraint name_fits check (not length(name) > 50)
);

alter table books add author_id integer null
    constraint books_author references authors (id) on delete cascade on update cascade;
