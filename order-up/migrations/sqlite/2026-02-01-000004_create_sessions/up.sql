CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    -- The signed-in employee, as JSON.
    data TEXT NOT NULL,
    -- Seconds since 1970, in UTC.
    expires_at BIGINT NOT NULL
);

-- Expired sessions are found without reading the others.
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Forms that have done their work, so that a second tap does not repeat it.
CREATE TABLE spent_tokens (
    token TEXT PRIMARY KEY NOT NULL,
    spent_at BIGINT NOT NULL
);

CREATE INDEX spent_tokens_age ON spent_tokens (spent_at);

-- Failed sign-ins. Each failure lengthens the wait.
CREATE TABLE failed_sign_ins (
    employee_number INTEGER NOT NULL,
    address TEXT NOT NULL,
    failures INTEGER NOT NULL,
    -- When the next attempt is answered.
    next_turn_at BIGINT NOT NULL,
    PRIMARY KEY (employee_number, address)
);
