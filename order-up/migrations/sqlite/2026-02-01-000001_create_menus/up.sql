CREATE TABLE menus (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT menu_name_length CHECK (length(name) BETWEEN 1 AND 30),
    UNIQUE (name)
);

CREATE TABLE menu_item_types (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT menu_item_type_name_length CHECK (length(name) BETWEEN 1 AND 20),
    UNIQUE (name)
);

CREATE TABLE menu_items (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    price_cents BIGINT NOT NULL,
    menu_id INTEGER NOT NULL REFERENCES menus (id) ON DELETE RESTRICT,
    menu_item_type_id INTEGER NOT NULL REFERENCES menu_item_types (id) ON DELETE RESTRICT,
    -- Set when the item is no longer served; past bills still refer to it.
    retired_at BIGINT,
    CONSTRAINT menu_item_name_length CHECK (length(name) BETWEEN 1 AND 50),
    CONSTRAINT menu_item_price_range CHECK (price_cents BETWEEN 0 AND 1000000)
);

-- With two items of the same name, a server could not tell which is which.
CREATE UNIQUE INDEX menu_items_served ON menu_items (menu_id, name) WHERE retired_at IS NULL;
