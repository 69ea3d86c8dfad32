DROP TABLE lines;
DROP TABLE orders;
DROP TABLE dishes;
DROP TABLE seats;
DROP TABLE employees;
