CREATE TABLE employees (
    id INTEGER PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_manager BOOLEAN NOT NULL,
    -- Seconds since 1970; empty while they work here.
    retired_at BIGINT
);

-- A table in the room. The number on it is its key.
CREATE TABLE tables (
    number INTEGER PRIMARY KEY NOT NULL,
    seats INTEGER NOT NULL
);

CREATE TABLE dishes (
    id INTEGER PRIMARY KEY NOT NULL,
    menu TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    -- Empty while it can be ordered.
    removed_at BIGINT,
    CONSTRAINT dish_name_length CHECK (length(name) BETWEEN 1 AND 50),
    CONSTRAINT menu_length CHECK (length(menu) BETWEEN 1 AND 30),
    CONSTRAINT type_length CHECK (length(kind) BETWEEN 1 AND 20),
    CONSTRAINT price_limits CHECK (price_cents BETWEEN 0 AND 1000000)
);

CREATE UNIQUE INDEX dishes_on_the_menu ON dishes (name) WHERE removed_at IS NULL;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    table_number INTEGER NOT NULL REFERENCES tables (number),
    employee_id INTEGER NOT NULL REFERENCES employees (id),
    opened_at BIGINT NOT NULL,
    -- Empty while the guests sit there.
    closed_at BIGINT
);

CREATE UNIQUE INDEX one_open_order_at_a_table ON orders (table_number) WHERE closed_at IS NULL;
CREATE INDEX orders_of_an_employee ON orders (employee_id);

-- What the guests were told: name and price are copies, so that no change of the menu touches a bill.
CREATE TABLE lines (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    dish_name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    CONSTRAINT quantity_is_positive CHECK (quantity > 0),
    UNIQUE (order_id, dish_name, price_cents)
);
