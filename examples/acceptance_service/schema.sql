-- Every answer that was given, as it was given: nothing here is changed or removed.
CREATE TABLE IF NOT EXISTS answers (
    id              uuid PRIMARY KEY,
    case_number     text,
    answered_at     timestamptz NOT NULL,
    verb            text NOT NULL,
    book            text,
    book_digest     text,
    calendar        text NOT NULL,
    calendar_digest text NOT NULL,
    given_digest    text NOT NULL,
    answer_digest   text NOT NULL,
    version         text NOT NULL,
    seal            text NOT NULL,
    kept            json NOT NULL        -- json and not jsonb: the text stays as it was sealed
);
CREATE INDEX IF NOT EXISTS answers_of_a_case ON answers (case_number, answered_at);

CREATE OR REPLACE FUNCTION answers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an answer that was given stays as it is';
END $$;
CREATE OR REPLACE TRIGGER answers_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON answers EXECUTE FUNCTION answers_stay();

-- The cases as they stand now, each column beside the answer that says why.
CREATE TABLE IF NOT EXISTS cases (
    case_number   text PRIMARY KEY,
    case_type     text,
    classified_by uuid REFERENCES answers,
    due_on        date,
    dated_by      uuid REFERENCES answers
);
