DROP TRIGGER order_detail_taken_off;
DROP TRIGGER order_detail_ordered_again;
DROP TRIGGER order_detail_ordered;
DROP TABLE cooked_portions;
DROP TABLE ordered_portions;
ALTER TABLE order_details DROP COLUMN cooked;
