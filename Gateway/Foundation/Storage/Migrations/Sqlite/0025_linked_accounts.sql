-- What persons granted the gateway at third-party servers. state: linked, needs_relink or unlinked. sealed and key_id: tokens and client, empty
-- unless linked. version: grows with each change of tokens or state and never restarts. fence: lock token of the last write of tokens. link_id: one
-- act of linking, kept by refreshes. asked_fence, asked_at: a refresh was asked of the provider and its answer is not on record.
CREATE TABLE linked_accounts (
    person_id   TEXT    NOT NULL,
    backend_id  TEXT    NOT NULL,
    issuer      TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    sealed      BLOB    NOT NULL,
    key_id      TEXT    NOT NULL,
    scopes      TEXT    NOT NULL,
    expires_at  INTEGER NULL,
    version     INTEGER NOT NULL,
    fence       INTEGER NOT NULL,
    link_id     TEXT    NOT NULL,
    asked_fence INTEGER NULL,
    asked_at    INTEGER NULL,
    linked_at   INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (person_id, backend_id)
);

CREATE INDEX ix_linked_accounts_key_id ON linked_accounts (key_id);
