-- The plan that was given to a person. plan: null for the default one again. decided_at: an older decision never undoes a newer one.
CREATE TABLE person_plans (
    person_id  TEXT   NOT NULL PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    plan       TEXT   NULL,
    decided_at BIGINT NOT NULL,
    since      BIGINT NOT NULL,
    set_by     TEXT   NOT NULL
);

CREATE INDEX ix_person_plans_plan ON person_plans (plan);

-- When an operator shut the person out.
ALTER TABLE persons ADD COLUMN disabled_at BIGINT NULL;
