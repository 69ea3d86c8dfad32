-- Task: Undo what up.sql does on PostgreSQL.
alter table "books" drop column "pages";

drop table if exists "books";
