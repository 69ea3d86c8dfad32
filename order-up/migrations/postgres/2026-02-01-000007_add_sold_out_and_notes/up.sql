-- An item that is sold out cannot be ordered before this time. Nothing has to clear it, because time passes.
ALTER TABLE menu_items ADD COLUMN sold_out_until BIGINT;

-- A note, such as `no onions`; empty for a dish as it is. The same item at the same price with the same note is one
-- line. That is also the index by order.
ALTER TABLE order_details
    ADD COLUMN note TEXT NOT NULL DEFAULT '',
    ADD CONSTRAINT order_detail_note_length CHECK (length(note) <= 100),
    DROP CONSTRAINT order_details_order_id_menu_item_id_price_cents_key,
    ADD UNIQUE (order_id, menu_item_id, price_cents, note);
