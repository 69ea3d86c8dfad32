CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    -- Who has signed in, as JSON.
    data TEXT NOT NULL,
    -- Seconds since 1970, in UTC.
    expires_at BIGINT NOT NULL
);

-- Expired sessions are found without reading the others.
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Forms that have done their work, so that a second tap does it no second time.
CREATE TABLE spent_tokens (
    token TEXT PRIMARY KEY NOT NULL,
    spent_at BIGINT NOT NULL
);

CREATE INDEX spent_tokens_age ON spent_tokens (spent_at);

-- Tries to sign in that have failed. One who fails often waits.
CREATE TABLE failed_sign_ins (
    employee_number INTEGER NOT NULL,
    address TEXT NOT NULL,
    failures INTEGER NOT NULL,
    -- When the next try is answered.
    next_turn_at BIGINT NOT NULL,
    PRIMARY KEY (employee_number, address)
);
