-- The tokens of forms that have done their work, so that a second tap does not do it again.
CREATE TABLE spent_tokens (
    token TEXT PRIMARY KEY NOT NULL,
    -- Seconds since 1970, in UTC.
    spent_at BIGINT NOT NULL
);

CREATE INDEX spent_tokens_age ON spent_tokens (spent_at);
