-- The employee's sessions are bound to this key. A new key ends them all.
ALTER TABLE employees ADD COLUMN session_key TEXT NOT NULL DEFAULT '';

-- Existing sessions are bound to the hash of the password, and continue.
UPDATE employees SET session_key = hashed_password;
