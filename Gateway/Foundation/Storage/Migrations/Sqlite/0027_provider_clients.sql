-- Clients that the gateway registered by itself at third-party providers, one for each issuer and redirect URI. sealed: id, secret and how it shows who
-- it is. client_id stands beside it so that a client is forgotten only while it is that one. expires_at: end of its secret, null for none.
CREATE TABLE provider_clients (
    issuer        TEXT     NOT NULL,
    redirect_uri  TEXT     NOT NULL,
    client_id     TEXT     NOT NULL,
    sealed        BLOB     NOT NULL,
    expires_at    INTEGER  NULL,
    registered_at INTEGER  NOT NULL,
    PRIMARY KEY (issuer, redirect_uri)
);
