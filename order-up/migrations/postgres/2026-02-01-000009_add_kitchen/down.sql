DROP TRIGGER order_detail_taken_off ON order_details;
DROP TRIGGER order_detail_ordered ON order_details;
DROP FUNCTION limit_cooked();
DROP FUNCTION note_portion();
DROP TABLE cooked_portions;
DROP TABLE ordered_portions;
ALTER TABLE order_details DROP COLUMN cooked;
