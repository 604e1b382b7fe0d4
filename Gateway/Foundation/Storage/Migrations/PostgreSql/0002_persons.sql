-- People, each known by the issuer that vouches for them and their subject there.
CREATE TABLE persons (
    id             TEXT    NOT NULL PRIMARY KEY,
    issuer         TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    email          TEXT    NULL,
    email_verified BOOLEAN NOT NULL DEFAULT FALSE,
    name           TEXT    NULL,
    role           TEXT    NULL,
    pool           TEXT    NULL,
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL,
    UNIQUE (issuer, subject)
);
