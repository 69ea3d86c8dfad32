CREATE TABLE employees (
    id            INTEGER PRIMARY KEY,
    number        INTEGER NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    is_manager    BOOLEAN NOT NULL,
    retired_at    BIGINT
);

CREATE TABLE dining_tables (
    number INTEGER PRIMARY KEY,
    seats  INTEGER NOT NULL CONSTRAINT a_table_has_a_seat CHECK (seats > 0)
);

-- A dish stays when it leaves the menu.
CREATE TABLE dishes (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    menu TEXT NOT NULL,
    kind TEXT NOT NULL
);

-- What a dish has cost, ever. A row never changes, so a line may refer to it.
CREATE TABLE prices (
    id      INTEGER PRIMARY KEY,
    dish_id INTEGER NOT NULL REFERENCES dishes (id),
    cents   BIGINT  NOT NULL CONSTRAINT a_price_is_not_negative CHECK (cents >= 0),
    UNIQUE (dish_id, cents),
    UNIQUE (dish_id, id)
);

-- What can be ordered now: a dish at one of its prices.
CREATE TABLE on_menu (
    dish_id  INTEGER PRIMARY KEY,
    price_id INTEGER NOT NULL UNIQUE,
    FOREIGN KEY (dish_id, price_id) REFERENCES prices (dish_id, id)
);

CREATE TABLE orders (
    id           INTEGER PRIMARY KEY,
    table_number INTEGER NOT NULL REFERENCES dining_tables (number),
    server_id    INTEGER NOT NULL REFERENCES employees (id),
    UNIQUE (table_number, id)
);

-- Who sits where now. An order is open as long as it has a row here.
CREATE TABLE seatings (
    table_number INTEGER PRIMARY KEY,
    order_id     INTEGER NOT NULL UNIQUE,
    FOREIGN KEY (table_number, order_id) REFERENCES orders (table_number, id)
);

CREATE TABLE lines (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    price_id INTEGER NOT NULL REFERENCES prices (id),
    quantity INTEGER NOT NULL CONSTRAINT a_line_has_a_dish CHECK (quantity > 0),
    UNIQUE (order_id, price_id)
);
