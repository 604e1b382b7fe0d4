-- Events of the billing system that took effect, by the id it gave them: none takes effect twice.
CREATE TABLE billing_events (
    id          TEXT   NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
);

CREATE INDEX ix_billing_events_received_at ON billing_events (received_at);
