DROP TABLE failed_sign_ins;
DROP TABLE spent_tokens;
DROP TABLE sessions;
