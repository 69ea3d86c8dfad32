-- Task: Create the table `authors`, and add a column for its key to `books`, which may be empty.

create table authors (
    id integer not null,
    name text not null check (length(name) <= 50),
    primary key (id)
);

alter table books
    add author_id integer null
    constraint written_by references authors (id) on delete cascade on update restrict;
