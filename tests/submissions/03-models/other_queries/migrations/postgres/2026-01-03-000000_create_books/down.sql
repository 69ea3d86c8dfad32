-- Task: Undo what up.sql does on PostgreSQL.
drop table if exists books;
