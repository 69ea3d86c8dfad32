-- Task: Create `authors`, and add a nullable foreign key `author_id` to `books`; deleting an author deletes the books.
create table authors (
    id integer not null,
    name text not null,
    primary key (id),
    constraint name_fits check (not length(name) > 50)
);

alter table books add author_id integer null
    constraint books_author references authors (id) on delete cascade on update cascade;
