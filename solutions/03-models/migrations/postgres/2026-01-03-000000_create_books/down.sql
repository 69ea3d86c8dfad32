-- Task: Undo what up.sql does on PostgreSQL.
DROP TABLE books;
-- End of task.
