DROP TABLE lines;
DROP TABLE seatings;
DROP TABLE orders;
DROP TABLE on_menu;
DROP TABLE prices;
DROP TABLE dishes;
DROP TABLE dining_tables;
DROP TABLE employees;
