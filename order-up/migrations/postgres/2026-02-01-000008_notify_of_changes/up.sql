-- Notifies every instance of the app when something changes that the live pages show. It is a trigger, so no
-- statement can forget it. A transaction that changes many rows notifies once.
CREATE FUNCTION notify_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('order_up_changed', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER notify_of_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tables
    FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change();
CREATE TRIGGER notify_of_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON employees
    FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change();
CREATE TRIGGER notify_of_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orders
    FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change();
CREATE TRIGGER notify_of_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON order_details
    FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change();

-- Somebody has signed out, and must not go on receiving.
CREATE TRIGGER notify_of_change AFTER DELETE OR TRUNCATE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change();
