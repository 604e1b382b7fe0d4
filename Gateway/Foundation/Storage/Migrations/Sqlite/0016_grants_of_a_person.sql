-- A person looks at what they granted: without regard to the client, which the older index begins with.
CREATE INDEX ix_openiddict_authorizations_subject ON openiddict_authorizations (subject, status);
