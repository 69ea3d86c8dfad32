DROP TRIGGER notify_of_change ON sessions;
DROP TRIGGER notify_of_change ON order_details;
DROP TRIGGER notify_of_change ON orders;
DROP TRIGGER notify_of_change ON employees;
DROP TRIGGER notify_of_change ON tables;
DROP FUNCTION notify_of_change();
