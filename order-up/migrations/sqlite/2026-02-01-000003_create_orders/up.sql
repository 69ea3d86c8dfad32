CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    employee_id INTEGER NOT NULL REFERENCES employees (id) ON DELETE RESTRICT,
    table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE RESTRICT,
    guests INTEGER,
    opened_at BIGINT NOT NULL,
    -- When something was last added or removed.
    changed_at BIGINT NOT NULL,
    -- An order is open until it has this.
    closed_at BIGINT,
    CONSTRAINT order_guests_range CHECK (guests BETWEEN 1 AND 999)
);

-- When two people assign the same table at once, the second insert fails, whatever either has read before.
CREATE UNIQUE INDEX orders_open ON orders (table_id) WHERE closed_at IS NULL;

-- The history reads one day at a time.
CREATE INDEX orders_closed ON orders (closed_at);

CREATE TABLE order_details (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    menu_item_id INTEGER NOT NULL REFERENCES menu_items (id) ON DELETE RESTRICT,
    -- Copied when it was ordered, so that a change of the menu does not change a bill.
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT order_detail_quantity_range CHECK (quantity BETWEEN 1 AND 999),
    -- The same item at the same price is one line. It is also the index by order.
    UNIQUE (order_id, menu_item_id, price_cents)
);
