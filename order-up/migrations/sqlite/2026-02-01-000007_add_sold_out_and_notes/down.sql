CREATE TABLE order_details_without_notes (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    menu_item_id INTEGER NOT NULL REFERENCES menu_items (id) ON DELETE RESTRICT,
    -- Copied when it was ordered, so that a change of the menu changes no bill.
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT order_detail_quantity_range CHECK (quantity BETWEEN 1 AND 999),
    -- The same item at the same price is one line. It is also the index by order.
    UNIQUE (order_id, menu_item_id, price_cents)
);

-- Lines that differ in nothing but their notes become one.
INSERT INTO order_details_without_notes (id, order_id, menu_item_id, name, price_cents, quantity)
SELECT min(id), order_id, menu_item_id, min(name), price_cents, sum(quantity)
FROM order_details
GROUP BY order_id, menu_item_id, price_cents;

DROP TABLE order_details;
ALTER TABLE order_details_without_notes RENAME TO order_details;

ALTER TABLE menu_items DROP COLUMN sold_out_until;
