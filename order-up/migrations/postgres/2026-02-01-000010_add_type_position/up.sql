-- Types are listed by position, the smallest first. A position of 0 is one that has yet to be chosen: the app does that
-- when it starts (`src/models/menu/types.rs`), because SQL does not sort names as people do.
--
-- The positions are not UNIQUE. When two types change places, both have the same one for a moment, and a unique index
-- is checked after each row.
ALTER TABLE menu_item_types ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
