-- Links that sign in whoever has them, each until it is used or ends. The token itself is in the mail alone; sealed: address and return path.
CREATE TABLE magic_links (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    sealed     BLOB    NOT NULL
);

CREATE INDEX ix_magic_links_expires ON magic_links (expires_at);
