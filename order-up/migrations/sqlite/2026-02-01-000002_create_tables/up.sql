CREATE TABLE tables (
    id INTEGER PRIMARY KEY NOT NULL,
    -- The number on the physical table. The id is only for the database.
    number INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    retired_at BIGINT,
    CONSTRAINT table_number_range CHECK (number BETWEEN 1 AND 9999),
    CONSTRAINT table_capacity_range CHECK (capacity BETWEEN 1 AND 999)
);

-- The number of a removed table can be given to another one.
CREATE UNIQUE INDEX tables_in_use ON tables (number) WHERE retired_at IS NULL;
