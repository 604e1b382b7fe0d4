-- Clients that an operator has shut out. Apart from the clients themselves, so that a client that is written or fetched anew stays shut out.
CREATE TABLE disabled_clients (
    client_id   TEXT   NOT NULL PRIMARY KEY,
    disabled_at BIGINT NOT NULL
);
