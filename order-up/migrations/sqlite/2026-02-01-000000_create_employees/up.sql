CREATE TABLE employees (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- What an employee types to sign in.
    employee_number INTEGER NOT NULL,
    -- Argon2, as a PHC string; never the password.
    hashed_password TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Set when the employee has left; their row stays for the history. Seconds since 1970, in UTC.
    retired_at BIGINT,
    CONSTRAINT employee_name_length CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT employee_number_range CHECK (employee_number > 0),
    CONSTRAINT employee_role CHECK (role IN ('server', 'manager')),
    UNIQUE (employee_number)
);
