-- The tables of OpenIddict's Entity Framework stores (clients, grants, tokens), in this house's naming.
-- Moments are of Entity Framework's own type, since OpenIddict's queries compare them with the database's clock.
-- A test compares the tables with the model of AuthorizationDbContext.
CREATE TABLE openiddict_applications (
    id                        TEXT NOT NULL PRIMARY KEY,
    application_type          TEXT NULL,
    client_id                 TEXT NULL,
    client_secret             TEXT NULL,
    client_type               TEXT NULL,
    concurrency_token         TEXT NULL,
    consent_type              TEXT NULL,
    display_name              TEXT NULL,
    display_names             TEXT NULL,
    json_web_key_set          TEXT NULL,
    permissions               TEXT NULL,
    post_logout_redirect_uris TEXT NULL,
    properties                TEXT NULL,
    redirect_uris             TEXT NULL,
    requirements              TEXT NULL,
    settings                  TEXT NULL
);

CREATE UNIQUE INDEX ix_openiddict_applications_client_id ON openiddict_applications (client_id);

CREATE TABLE openiddict_scopes (
    id                TEXT NOT NULL PRIMARY KEY,
    concurrency_token TEXT NULL,
    description       TEXT NULL,
    descriptions      TEXT NULL,
    display_name      TEXT NULL,
    display_names     TEXT NULL,
    name              TEXT NULL,
    properties        TEXT NULL,
    resources         TEXT NULL
);

CREATE UNIQUE INDEX ix_openiddict_scopes_name ON openiddict_scopes (name);

CREATE TABLE openiddict_authorizations (
    id                TEXT NOT NULL PRIMARY KEY,
    application_id    TEXT NULL REFERENCES openiddict_applications (id),
    concurrency_token TEXT NULL,
    creation_date     TEXT NULL,
    properties        TEXT NULL,
    scopes            TEXT NULL,
    status            TEXT NULL,
    subject           TEXT NULL,
    type              TEXT NULL
);

CREATE INDEX ix_openiddict_authorizations_client ON openiddict_authorizations (application_id, status, subject, type);

CREATE TABLE openiddict_tokens (
    id                TEXT NOT NULL PRIMARY KEY,
    application_id    TEXT NULL REFERENCES openiddict_applications (id),
    authorization_id  TEXT NULL REFERENCES openiddict_authorizations (id),
    concurrency_token TEXT NULL,
    creation_date     TEXT NULL,
    expiration_date   TEXT NULL,
    payload           TEXT NULL,
    properties        TEXT NULL,
    redemption_date   TEXT NULL,
    reference_id      TEXT NULL,
    status            TEXT NULL,
    subject           TEXT NULL,
    type              TEXT NULL
);

CREATE INDEX ix_openiddict_tokens_client ON openiddict_tokens (application_id, status, subject, type);
CREATE INDEX ix_openiddict_tokens_authorization ON openiddict_tokens (authorization_id);
CREATE UNIQUE INDEX ix_openiddict_tokens_reference ON openiddict_tokens (reference_id);
