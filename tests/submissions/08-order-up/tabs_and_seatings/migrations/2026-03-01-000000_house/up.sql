CREATE TABLE staff (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    badge INTEGER NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    is_boss BOOLEAN NOT NULL DEFAULT FALSE,
    left_at BIGINT
);

CREATE TABLE dining_tables (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL UNIQUE,
    seats INTEGER NOT NULL CHECK (seats > 0)
);

-- What a party has on its bill, for good.
CREATE TABLE tabs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES dining_tables ON DELETE RESTRICT,
    staff_id INTEGER NOT NULL REFERENCES staff ON DELETE RESTRICT,
    guests INTEGER CHECK (guests > 0),
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX tabs_of_table ON tabs (table_id);
CREATE INDEX tabs_of_staff ON tabs (staff_id);

-- Who sits where right now: a row for a tab that is open, and the key lets one of many have the table.
CREATE TABLE seatings (
    table_id INTEGER PRIMARY KEY REFERENCES dining_tables ON DELETE RESTRICT,
    tab_id INTEGER NOT NULL UNIQUE REFERENCES tabs ON DELETE RESTRICT
);

CREATE TABLE cards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 30)
);

CREATE TABLE kinds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 20)
);

CREATE TABLE dishes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    card_id INTEGER NOT NULL REFERENCES cards ON DELETE RESTRICT,
    kind_id INTEGER NOT NULL REFERENCES kinds ON DELETE RESTRICT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    UNIQUE (card_id, kind_id, name)
);

-- A bill refers to a price, so a price is never changed: a dish gets another one.
CREATE TABLE prices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dish_id INTEGER NOT NULL REFERENCES dishes ON DELETE RESTRICT,
    cents BIGINT NOT NULL CHECK (cents >= 0),
    served BOOLEAN NOT NULL DEFAULT TRUE,
    UNIQUE (dish_id, cents)
);
CREATE UNIQUE INDEX prices_served ON prices (dish_id) WHERE served;
CREATE TRIGGER prices_stay BEFORE UPDATE OF dish_id, cents ON prices
BEGIN SELECT RAISE (ABORT, 'bills refer to this price'); END;
CREATE TRIGGER dishes_stay BEFORE UPDATE OF name ON dishes
BEGIN SELECT RAISE (ABORT, 'bills refer to this dish'); END;

CREATE TABLE tab_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tab_id INTEGER NOT NULL REFERENCES tabs ON DELETE RESTRICT,
    price_id INTEGER NOT NULL REFERENCES prices ON DELETE RESTRICT,
    portions INTEGER NOT NULL CHECK (portions BETWEEN 1 AND 9999),
    UNIQUE (tab_id, price_id)
);

CREATE TABLE sessions (
    key TEXT PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff ON DELETE CASCADE,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Forms that have done their work. They go with their session.
CREATE TABLE done_forms (
    session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
    token TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (session, token, path)
) WITHOUT ROWID;

CREATE TABLE sign_in_tries (
    badge INTEGER NOT NULL,
    address TEXT NOT NULL,
    tries INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (badge, address)
) WITHOUT ROWID;
