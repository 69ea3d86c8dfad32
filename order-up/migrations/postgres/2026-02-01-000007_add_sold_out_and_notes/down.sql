-- Lines that differ in nothing but their notes become one.
UPDATE order_details AS line
SET quantity = (
    SELECT sum(same.quantity) FROM order_details AS same
    WHERE same.order_id = line.order_id AND same.menu_item_id = line.menu_item_id
        AND same.price_cents = line.price_cents
);
DELETE FROM order_details AS line
USING order_details AS first
WHERE first.order_id = line.order_id AND first.menu_item_id = line.menu_item_id
    AND first.price_cents = line.price_cents AND first.id < line.id;

ALTER TABLE order_details
    DROP CONSTRAINT order_details_order_id_menu_item_id_price_cents_note_key,
    DROP COLUMN note,
    ADD UNIQUE (order_id, menu_item_id, price_cents);

ALTER TABLE menu_items DROP COLUMN sold_out_until;
