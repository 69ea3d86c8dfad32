CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    -- What the visitor's session holds, as JSON.
    data TEXT NOT NULL,
    -- Seconds since 1970, in UTC.
    expires_at BIGINT NOT NULL
);
