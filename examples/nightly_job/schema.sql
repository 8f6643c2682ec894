-- What the centre has: open cases, and what stopped their clocks.
CREATE TABLE IF NOT EXISTS open_cases (
    case_number   text PRIMARY KEY,
    department    text,
    simple        boolean,
    departments   integer,
    accepted_on   date,
    promised_days integer
);
CREATE TABLE IF NOT EXISTS pauses (
    case_number text NOT NULL,
    kind        text NOT NULL,
    from_on     date NOT NULL,
    to_on       date,
    told        boolean
);
CREATE INDEX IF NOT EXISTS pauses_of_a_case ON pauses (case_number);

-- What the job writes: nights, and of each night when every case is due and which signals are raised.
CREATE TABLE IF NOT EXISTS nights (
    night           date PRIMARY KEY,
    book_digest     text NOT NULL,
    calendar_digest text NOT NULL,
    done_through    text NOT NULL,          -- the last case that was read
    cases           bigint NOT NULL,
    finished        boolean NOT NULL
);
CREATE TABLE IF NOT EXISTS due_days (
    night         date,
    case_number   text,
    due_on        date,
    left_workdays numeric,
    overdue       boolean,
    undecided     text,                     -- what would settle it, or what is wrong with the row
    PRIMARY KEY (night, case_number)
);
CREATE TABLE IF NOT EXISTS alarms (
    night       date,
    case_number text,
    signal      text,
    PRIMARY KEY (night, case_number, signal)
);
