-- SQLite counts the commits of a file by itself (`PRAGMA data_version`), so there is nothing to make.
SELECT 1;
