-- A consent counts for the redirect URI that the person saw, and no longer for whatever else its client registered. What was remembered
-- without one is asked again.
DROP TABLE consents;
CREATE TABLE consents (
    person_id    TEXT   NOT NULL,
    client_id    TEXT   NOT NULL,
    redirect_uri TEXT   NOT NULL,
    scopes       TEXT   NOT NULL,
    granted_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, client_id, redirect_uri)
);
