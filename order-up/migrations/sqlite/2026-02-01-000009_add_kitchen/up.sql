-- How many of a line the kitchen has cooked. What has been paid for was cooked.
ALTER TABLE order_details ADD COLUMN cooked INTEGER NOT NULL DEFAULT 0
    CONSTRAINT order_detail_cooked_range CHECK (cooked >= 0);
UPDATE order_details SET cooked = quantity
    WHERE order_id IN (SELECT id FROM orders WHERE closed_at IS NOT NULL);

-- When how many of a line were ordered: one line may have been ordered bit by bit.
CREATE TABLE ordered_portions (
    id INTEGER PRIMARY KEY NOT NULL,
    order_detail_id INTEGER NOT NULL REFERENCES order_details (id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL,
    -- Seconds since 1970, in UTC.
    ordered_at BIGINT NOT NULL,
    CONSTRAINT ordered_portion_quantity_range CHECK (quantity > 0)
);

CREATE INDEX ordered_portions_line ON ordered_portions (order_detail_id);

INSERT INTO ordered_portions (order_detail_id, quantity, ordered_at)
    SELECT order_details.id, quantity, changed_at
    FROM order_details JOIN orders ON orders.id = order_id
    WHERE closed_at IS NULL;

-- Triggers, so that no statement can forget the kitchen. Whoever changes a line notes the time on its order first.
CREATE TRIGGER order_detail_ordered AFTER INSERT ON order_details
BEGIN
    INSERT INTO ordered_portions (order_detail_id, quantity, ordered_at)
        SELECT NEW.id, NEW.quantity, changed_at FROM orders WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_detail_ordered_again AFTER UPDATE OF quantity ON order_details
WHEN NEW.quantity > OLD.quantity
BEGIN
    INSERT INTO ordered_portions (order_detail_id, quantity, ordered_at)
        SELECT NEW.id, NEW.quantity - OLD.quantity, changed_at FROM orders WHERE id = NEW.order_id;
END;

-- Else what is ordered after something was taken off would count as cooked.
CREATE TRIGGER order_detail_taken_off AFTER UPDATE OF quantity ON order_details
WHEN NEW.quantity < NEW.cooked
BEGIN
    UPDATE order_details SET cooked = NEW.quantity WHERE id = NEW.id;
END;

-- What the kitchen has done last, so that it can be undone.
CREATE TABLE cooked_portions (
    id INTEGER PRIMARY KEY NOT NULL,
    order_detail_id INTEGER NOT NULL REFERENCES order_details (id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL,
    cooked_at BIGINT NOT NULL,
    CONSTRAINT cooked_portion_quantity_range CHECK (quantity > 0)
);

CREATE INDEX cooked_portions_line ON cooked_portions (order_detail_id);
CREATE INDEX cooked_portions_age ON cooked_portions (cooked_at);
