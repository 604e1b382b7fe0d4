-- How often a person signed out everywhere. A browser's session is of one generation, and ends with it. No row: never.
CREATE TABLE session_generations (
    person_id  TEXT    NOT NULL PRIMARY KEY,
    generation BIGINT  NOT NULL
);
