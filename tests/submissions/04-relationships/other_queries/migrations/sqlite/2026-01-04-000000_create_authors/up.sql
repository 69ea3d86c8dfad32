-- Task: Create the table `authors`, and add a column for its key to `books`, which may be empty.
create table authors (
    id integer not null,
    name text not null,
    primary key (id),
    constraint name_fits check (not length(name) > 50)
);

alter table books add author_id integer null
    constraint books_author references authors (id) on delete cascade on update cascade;
