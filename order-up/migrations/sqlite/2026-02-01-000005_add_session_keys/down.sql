ALTER TABLE employees DROP COLUMN session_key;
