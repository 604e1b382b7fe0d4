-- The approved definitions of each backend, signed. signer: gateway or operator. document: canonical JSON. signature: a detached JWS over it.
CREATE TABLE integrity_baselines (
    backend_id TEXT    NOT NULL,
    signer     TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    signature  TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (backend_id, signer)
);
