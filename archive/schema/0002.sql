-- A quote is known by its words in its report: it stands in every version that has them.
CREATE TABLE quotes_in_versions (
    id          TEXT NOT NULL,          -- from report, folded words and ordinal
    report      TEXT NOT NULL,
    version     TEXT NOT NULL,
    text        TEXT NOT NULL,
    start       INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    cue         TEXT,
    speaker     TEXT,
    role        TEXT,
    language    TEXT NOT NULL,
    rule        TEXT NOT NULL,
    confidence  REAL NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
INSERT INTO quotes_in_versions
    SELECT id, report, version, text, start, "end", kind, cue, speaker, role, language, rule, confidence FROM quotes;
DROP TABLE quotes;
ALTER TABLE quotes_in_versions RENAME TO quotes;
CREATE INDEX quotes_by_report ON quotes (report, version, start);

-- Facts: ids that reports and quotes had before, from the ledger.
CREATE TABLE aliases (
    old   TEXT PRIMARY KEY,
    new   TEXT NOT NULL
) STRICT;

-- Derived: corrections of the ledger as describing applied them, with what the rules said.
CREATE TABLE corrections (
    id       TEXT PRIMARY KEY,          -- of the line in ledger/corrections.jsonl
    subject  TEXT NOT NULL,             -- the report or quote corrected
    report   TEXT NOT NULL,
    field    TEXT NOT NULL,             -- date, edition, title, speaker, not-a-quote
    value    TEXT,                      -- what was decided; NULL for none
    rules    TEXT,                      -- what the rules say now
    agrees   INTEGER NOT NULL,          -- whether they say the same
    time     TEXT NOT NULL,
    who      TEXT NOT NULL,
    why      TEXT NOT NULL
) STRICT;
CREATE INDEX corrections_by_report ON corrections (report);

ALTER TABLE descriptions ADD COLUMN digest TEXT;  -- SHA-256 of the description, hex
