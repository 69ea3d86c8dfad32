-- What an administrator runs once, in psql, before the app can start:
--
--     psql --username postgres --file setup.sql

-- Task: Create a role that can sign in: `book_user`, with the password `password`.
create role "book_user"
    with nosuperuser nocreatedb nocreaterole inherit
         login connection limit -1
         encrypted password 'password';

-- Task: Create the database `book_database`, and let `book_user` own it.
create database "book_database"
    with template = template0
         encoding = 'UTF8'
         owner = "book_user";
