DROP TABLE menu_items;
DROP TABLE menu_item_types;
DROP TABLE menus;
