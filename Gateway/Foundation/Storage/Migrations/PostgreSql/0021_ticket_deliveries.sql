-- Events that wait to be sent. state: pending or dead. A delivered one is gone. leased_until: when another replica may take it over.
CREATE TABLE webhook_deliveries (
    id           TEXT    NOT NULL PRIMARY KEY,
    ticket_id    TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    attempts     BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL,
    give_up_at   BIGINT  NOT NULL,
    next_at      BIGINT  NOT NULL,
    leased_until BIGINT  NOT NULL,
    error        TEXT    NULL
);

CREATE INDEX ix_webhook_deliveries_state ON webhook_deliveries (state, next_at);

-- Tickets that wait to be passed to the backend that owns them.
CREATE TABLE ticket_handovers (
    ticket_id    TEXT    NOT NULL PRIMARY KEY,
    owner        TEXT    NOT NULL,
    backend_id   TEXT    NOT NULL,
    attempts     BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL,
    leased_until BIGINT  NOT NULL,
    error        TEXT    NULL
);

CREATE INDEX ix_ticket_handovers_owner ON ticket_handovers (owner);
