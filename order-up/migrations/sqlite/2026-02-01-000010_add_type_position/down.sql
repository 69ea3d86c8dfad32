ALTER TABLE menu_item_types DROP COLUMN position;
