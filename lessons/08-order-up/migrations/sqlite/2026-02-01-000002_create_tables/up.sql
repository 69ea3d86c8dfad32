CREATE TABLE tables (
    id INTEGER PRIMARY KEY NOT NULL,
    -- What stands on the table; the id is for the database alone.
    number INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    retired_at BIGINT,
    CONSTRAINT table_number_range CHECK (number BETWEEN 1 AND 9999),
    CONSTRAINT table_capacity_range CHECK (capacity BETWEEN 1 AND 999)
);

-- A number that is free again may be given to another table.
CREATE UNIQUE INDEX tables_in_use ON tables (number) WHERE retired_at IS NULL;
