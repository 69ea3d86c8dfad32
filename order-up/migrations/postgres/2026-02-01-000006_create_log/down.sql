DROP TABLE log_entries;
DROP FUNCTION refuse_to_change_the_log;
