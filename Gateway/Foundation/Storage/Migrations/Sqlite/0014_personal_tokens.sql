-- Personal access tokens that count, each by the SHA-256 of its text, base64url. One that was revoked is deleted.
CREATE TABLE personal_tokens (
    id           TEXT    NOT NULL PRIMARY KEY,
    person_id    TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    hash         TEXT    NOT NULL UNIQUE,
    scopes       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER NULL,
    UNIQUE (person_id, name)
);
