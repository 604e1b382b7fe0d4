-- When clients that made themselves known were registered and last got a token, so that unused ones can end. Those that are there already
-- count as used now.
CREATE TABLE self_registered_clients (
    client_id     TEXT    NOT NULL PRIMARY KEY,
    registered_at INTEGER NOT NULL,
    used_at       INTEGER NULL
);

CREATE INDEX ix_self_registered_clients_used ON self_registered_clients (used_at, registered_at);

INSERT INTO self_registered_clients (client_id, registered_at, used_at)
SELECT client_id, CAST(strftime('%s', 'now') AS INTEGER) * 1000, CAST(strftime('%s', 'now') AS INTEGER) * 1000
FROM openiddict_applications
WHERE client_id IS NOT NULL AND properties LIKE '%"cortex_origin":"dynamic"%';
