-- What persons granted the gateway at third-party servers. state: linked, needs_relink or unlinked. sealed and key_id: tokens and client, empty
-- unless linked. version: grows with each change of tokens or state and never restarts. fence: lock token of the last write of tokens. link_id: one
-- act of linking, kept by refreshes. asked_fence, asked_at: a refresh was asked of the provider and its answer is not on record.
CREATE TABLE linked_accounts (
    person_id   TEXT    NOT NULL,
    backend_id  TEXT    NOT NULL,
    issuer      TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    sealed      BYTEA   NOT NULL,
    key_id      TEXT    NOT NULL,
    scopes      TEXT    NOT NULL,
    expires_at  BIGINT  NULL,
    version     BIGINT  NOT NULL,
    fence       BIGINT  NOT NULL,
    link_id     TEXT    NOT NULL,
    asked_fence BIGINT  NULL,
    asked_at    BIGINT  NULL,
    linked_at   BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    PRIMARY KEY (person_id, backend_id)
);

CREATE INDEX ix_linked_accounts_key_id ON linked_accounts (key_id);
