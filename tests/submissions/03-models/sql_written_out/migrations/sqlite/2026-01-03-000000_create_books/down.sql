-- Task: Undo what up.sql does on SQLite.

drop table books;
