CREATE TABLE log_entries (
    id INTEGER PRIMARY KEY NOT NULL,
    -- Seconds since 1970, in UTC.
    logged_at BIGINT NOT NULL,
    -- Who did it, and the name they had then.
    employee_id INTEGER NOT NULL REFERENCES employees (id) ON DELETE RESTRICT,
    employee_name TEXT NOT NULL,
    -- The order it was done to, and the number of its table then. What is done to a dish has neither.
    order_id INTEGER REFERENCES orders (id) ON DELETE RESTRICT,
    table_number INTEGER,
    -- What was done, as JSON; `src/models/log/event.rs` has all kinds.
    event TEXT NOT NULL,
    -- Why, where somebody had to give a reason.
    reason TEXT,
    -- The last trigger below compares ids. In it, an id that SQLite has yet to choose is -1.
    CONSTRAINT log_entry_id_range CHECK (id > 0),
    CONSTRAINT log_entry_table CHECK ((order_id IS NULL) = (table_number IS NULL)),
    CONSTRAINT log_entry_reason_length CHECK (length(reason) BETWEEN 1 AND 200)
);

-- The log of one order, and of one day.
CREATE INDEX log_entries_of_order ON log_entries (order_id);
CREATE INDEX log_entries_of_day ON log_entries (logged_at);

-- Entries cannot be changed or deleted, whatever program tries.
CREATE TRIGGER log_entries_never_change BEFORE UPDATE ON log_entries
BEGIN
    SELECT RAISE(ABORT, 'the log only grows');
END;

CREATE TRIGGER log_entries_never_go BEFORE DELETE ON log_entries
BEGIN
    SELECT RAISE(ABORT, 'the log only grows');
END;

-- `INSERT OR REPLACE` deletes the row in its way without running the trigger above.
CREATE TRIGGER log_entries_are_never_replaced BEFORE INSERT ON log_entries
WHEN EXISTS (SELECT 1 FROM log_entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the log only grows');
END;
