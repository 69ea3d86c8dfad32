-- Task: Undo what up.sql does on SQLite.
DROP TABLE books;
-- End of task.
