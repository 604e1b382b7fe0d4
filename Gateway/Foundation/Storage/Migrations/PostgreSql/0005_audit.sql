-- What happened, one row a record. caller: pseudonym, kept. person_id: nulled when the person is erased.
CREATE TABLE audit (
    id             TEXT    NOT NULL PRIMARY KEY,
    time           BIGINT  NOT NULL,
    event          TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    caller         TEXT    NULL,
    person_id      TEXT    NULL,
    client_id      TEXT    NULL,
    method         TEXT    NULL,
    tool           TEXT    NULL,
    backend        TEXT    NULL,
    scope          TEXT    NULL,
    protocol       TEXT    NULL,
    request_bytes  BIGINT  NULL,
    response_bytes BIGINT  NULL,
    latency_ms     DOUBLE PRECISION NULL,
    status         INTEGER NULL,
    trace_id       TEXT    NULL,
    detail         TEXT    NULL
);

CREATE INDEX ix_audit_time ON audit (time);

CREATE INDEX ix_audit_person_id_time ON audit (person_id, time);
