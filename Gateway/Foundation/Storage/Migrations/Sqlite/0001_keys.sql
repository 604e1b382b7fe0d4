-- Key material of the gateway, sealed by the vault's key ring. generation: 1, 2, ... for keys of which the replicas must agree on one.
CREATE TABLE keys (
    id         TEXT    NOT NULL PRIMARY KEY,
    purpose    TEXT    NOT NULL,
    generation INTEGER NULL,
    created_at INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    UNIQUE (purpose, generation)
);
