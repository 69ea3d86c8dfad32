CREATE TABLE employees (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_manager BOOLEAN NOT NULL,
    has_retired BOOLEAN NOT NULL
);

CREATE TABLE seats (
    number INTEGER PRIMARY KEY NOT NULL,
    capacity INTEGER NOT NULL
);

CREATE TABLE dishes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    menu TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    price_cents BIGINT NOT NULL
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    table_number INTEGER NOT NULL REFERENCES seats (number),
    server INTEGER NOT NULL REFERENCES employees (number),
    closed_at BIGINT
);

CREATE UNIQUE INDEX one_open_order ON orders (table_number) WHERE closed_at IS NULL;

-- A line keeps what the guests were told: name and price are copies.
CREATE TABLE lines (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity INTEGER NOT NULL,
    UNIQUE (order_id, name, price_cents)
);
