-- Task: Create `authors`, and add a nullable foreign key `author_id` to `books`; deleting an author deletes the books.

create table authors (
    id integer not null,
    name text not null check (length(name) <= 50),
    primary key (id)
);

alter table books
    add author_id integer null
    constraint written_by references authors (id) on delete cascade on update restrict;
