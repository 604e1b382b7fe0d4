-- What a person allowed a client to hold, so that they are not asked again for the same.
CREATE TABLE consents (
    person_id  TEXT    NOT NULL,
    client_id  TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, client_id)
);
