-- The groups of a person as their issuer told them at the last sign-in: a JSON array, sorted; NULL for none.
ALTER TABLE persons ADD COLUMN groups_json TEXT NULL;
