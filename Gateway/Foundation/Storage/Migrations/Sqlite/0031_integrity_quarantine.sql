-- Definitions that were offered and are not approved. id: by backend, kind, name and fingerprint. name: for people. definition: canonical JSON, null when it has none. origin: shared, or personal for one out of a
-- person's own list. change: new or changed. state: pending or rejected. findings: a JSON array.
CREATE TABLE integrity_quarantine (
    id          TEXT    NOT NULL PRIMARY KEY,
    backend_id  TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    definition  TEXT    NULL,
    origin      TEXT    NOT NULL,
    change      TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    findings    TEXT    NOT NULL,
    seen_at     INTEGER NOT NULL,
    decided_by  TEXT    NULL,
    decided_at  INTEGER NULL
);

CREATE INDEX ix_integrity_quarantine_backend_id ON integrity_quarantine (backend_id, state);
