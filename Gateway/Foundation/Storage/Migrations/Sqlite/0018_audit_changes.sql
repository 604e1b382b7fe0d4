-- What a change was made to (a pseudonym for a person), and what it was before and after, as JSON.
ALTER TABLE audit ADD COLUMN target TEXT NULL;

ALTER TABLE audit ADD COLUMN value_before TEXT NULL;

ALTER TABLE audit ADD COLUMN value_after TEXT NULL;
