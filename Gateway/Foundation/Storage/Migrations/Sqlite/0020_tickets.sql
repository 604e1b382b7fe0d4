-- The wish that several tickets share, and what operators decided about it. context_*: what its reports named, at most one of each.
CREATE TABLE needs (
    id           TEXT    NOT NULL PRIMARY KEY,
    title        TEXT    NOT NULL,
    context_app  TEXT    NULL,
    context_tool TEXT    NULL,
    state        TEXT    NOT NULL,
    resolution   TEXT    NULL,
    backend_id   TEXT    NULL,
    merged_into  TEXT    NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
);

CREATE INDEX ix_needs_state ON needs (state, created_at);

-- Each wording that was met, and the need it belongs to. digest: of wording and context. set_apart: an operator took it out of another need.
CREATE TABLE wishes (
    digest     TEXT    NOT NULL PRIMARY KEY,
    need_id    TEXT    NOT NULL,
    terms      TEXT    NOT NULL,
    set_apart  INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

CREATE INDEX ix_wishes_need_id ON wishes (need_id);

-- The words of each wording, to find those that are alike.
CREATE TABLE wish_terms (
    term   TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (term, digest)
);

-- One caller's report of one need. owner: the person, or the machine client.
CREATE TABLE tickets (
    id                TEXT    NOT NULL PRIMARY KEY,
    owner             TEXT    NOT NULL,
    person_id         TEXT    NULL,
    client_id         TEXT    NOT NULL,
    need_id           TEXT    NOT NULL,
    wish_digest       TEXT    NOT NULL,
    wanted            TEXT    NOT NULL,
    intent            TEXT    NULL,
    severity          TEXT    NOT NULL,
    context_tool      TEXT    NULL,
    context_app       TEXT    NULL,
    suggested_shape   TEXT    NULL,
    backend_id        TEXT    NULL,
    backend_ticket_id TEXT    NULL,
    backend_status    TEXT    NULL,
    reports           INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    refreshed_at      INTEGER NOT NULL
);

CREATE INDEX ix_tickets_owner ON tickets (owner, need_id, refreshed_at);

CREATE INDEX ix_tickets_need_id ON tickets (need_id, owner);

CREATE INDEX ix_tickets_created_at ON tickets (created_at);

CREATE TABLE need_notes (
    id         TEXT    NOT NULL PRIMARY KEY,
    need_id    TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE INDEX ix_need_notes_need_id ON need_notes (need_id, created_at);

CREATE TABLE need_links (
    need_id    TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    title      TEXT    NULL,
    author     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (need_id, url)
);

-- What operators changed. before_json, after_json: the need, or what the change names.
CREATE TABLE need_history (
    id          TEXT    NOT NULL PRIMARY KEY,
    need_id     TEXT    NOT NULL,
    author      TEXT    NOT NULL,
    change      TEXT    NOT NULL,
    before_json TEXT    NULL,
    after_json  TEXT    NULL,
    created_at  INTEGER NOT NULL
);

CREATE INDEX ix_need_history_need_id ON need_history (need_id, created_at);
