DROP TABLE lines;
DROP TABLE orders;
DROP TABLE dishes;
DROP TABLE tables;
DROP TABLE employees;
