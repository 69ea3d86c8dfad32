-- An item that is sold out cannot be ordered before this time. Nothing has to clear it, because time passes.
ALTER TABLE menu_items ADD COLUMN sold_out_until BIGINT;

-- Lines with a note, such as `no onions`. SQLite cannot change what is unique in a table, so this is a new table.
CREATE TABLE order_details_with_notes (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    menu_item_id INTEGER NOT NULL REFERENCES menu_items (id) ON DELETE RESTRICT,
    -- Copied when it was ordered, so that a change of the menu changes no bill.
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity INTEGER NOT NULL,
    -- Empty for a dish as it is.
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT order_detail_quantity_range CHECK (quantity BETWEEN 1 AND 999),
    CONSTRAINT order_detail_note_length CHECK (length(note) <= 100),
    -- The same item at the same price with the same note is one line. It is also the index by order.
    UNIQUE (order_id, menu_item_id, price_cents, note)
);

INSERT INTO order_details_with_notes (id, order_id, menu_item_id, name, price_cents, quantity)
SELECT id, order_id, menu_item_id, name, price_cents, quantity FROM order_details;

DROP TABLE order_details;
ALTER TABLE order_details_with_notes RENAME TO order_details;
