-- Task: Undo what up.sql does on SQLite.
alter table "books" drop column "pages";

drop table if exists "books";
