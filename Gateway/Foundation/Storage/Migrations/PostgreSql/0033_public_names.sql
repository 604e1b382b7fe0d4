-- Which public name of a tool or prompt is whose, so that a name stays across restarts and is the same at every replica. form: the settings
-- under which it was chosen; a claim of other settings counts no more.
CREATE TABLE public_names (
    kind        TEXT   NOT NULL,
    public_name TEXT   NOT NULL,
    backend_id  TEXT   NOT NULL,
    own_name    TEXT   NOT NULL,
    form        TEXT   NOT NULL,
    claimed_at  BIGINT NOT NULL,
    PRIMARY KEY (kind, public_name),
    UNIQUE (kind, backend_id, own_name)
);
