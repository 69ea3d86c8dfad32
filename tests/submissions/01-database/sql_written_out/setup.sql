-- What an administrator runs once, in psql, before the app can start:
--
--     psql --username postgres --file setup.sql

-- Task: Create a role that can sign in: `book_user`, with the password `password`.
CREATE ROLE "book_user" WITH LOGIN NOSUPERUSER ENCRYPTED PASSWORD 'password';

-- Task: Create the database `book_database`, and let `book_user` own it.
CREATE DATABASE "book_database"
    WITH OWNER = "book_user";
