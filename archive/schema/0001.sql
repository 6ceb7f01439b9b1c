-- The catalogue, first step. Three kinds of table; the first two can be rebuilt.
-- A step that was published never changes: what comes after it goes into the next file.

-- Facts: from the WARC files and the ledger.
CREATE TABLE captures (
    id            INTEGER PRIMARY KEY,  -- from file and offset, so that a rebuilt catalogue gives the same
    url           TEXT NOT NULL,
    urlkey        TEXT NOT NULL,        -- SURT
    timestamp     TEXT NOT NULL,        -- 14 digits, UTC
    status        INTEGER NOT NULL,
    mime          TEXT NOT NULL,
    record_type   TEXT NOT NULL,        -- response, revisit, resource
    payload_sha1  TEXT NOT NULL,        -- base32, of the body as stored
    sha256        TEXT NOT NULL,        -- hex, of the same bytes
    file          TEXT NOT NULL,        -- below warc/
    offset        INTEGER NOT NULL,
    length        INTEGER NOT NULL,
    via           TEXT NOT NULL,        -- live, wayback, import, supplied
    source        TEXT,
    how           TEXT,
    source_uri    TEXT,
    refers_to     INTEGER,
    publisher     TEXT,
    published     TEXT,
    language      TEXT,
    UNIQUE (file, offset)
) STRICT;
CREATE INDEX captures_by_urlkey ON captures (urlkey, timestamp);
CREATE INDEX captures_by_digest ON captures (payload_sha1);

CREATE TABLE files (
    name      TEXT PRIMARY KEY,         -- below warc/
    kind      TEXT NOT NULL,            -- own, import, recompressed
    sha256    TEXT,                     -- of the whole file, once it is closed
    size      INTEGER NOT NULL,
    records   INTEGER NOT NULL,
    note      TEXT
) STRICT;

CREATE TABLE defects (
    file      TEXT NOT NULL,
    offset    INTEGER,
    problem   TEXT NOT NULL,
    UNIQUE (file, offset, problem)
) STRICT;

-- Derived: by describing.
CREATE TABLE descriptions (
    sha256      TEXT NOT NULL,
    extractor   TEXT NOT NULL,
    url         TEXT NOT NULL,
    description BLOB NOT NULL,
    PRIMARY KEY (sha256, extractor, url)
) STRICT;

CREATE TABLE reports (
    id          TEXT PRIMARY KEY,
    urlkey      TEXT NOT NULL,
    url         TEXT NOT NULL,
    title       TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    language    TEXT NOT NULL,
    trust       TEXT NOT NULL,
    via         TEXT NOT NULL,
    source      TEXT,
    published   TEXT,                   -- as printed, ISO 8601
    precision   TEXT,
    how         TEXT,
    first_seen  TEXT NOT NULL,
    captured    TEXT NOT NULL,
    relation    TEXT NOT NULL,
    edition     TEXT,
    reason      TEXT NOT NULL,
    confidence  REAL NOT NULL,
    version     TEXT NOT NULL,
    copy_of     TEXT,
    note        TEXT,
    fingerprint TEXT NOT NULL           -- of the report with its versions and quotes
) STRICT;
CREATE INDEX reports_by_edition ON reports (edition);

CREATE TABLE versions (
    report      TEXT NOT NULL,
    id          TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,       -- 0 for the oldest
    title       TEXT NOT NULL,
    text        TEXT NOT NULL,
    extractor   TEXT NOT NULL,
    captures    TEXT NOT NULL,          -- JSON list of capture ids, oldest first
    PRIMARY KEY (report, id)
) STRICT;

CREATE TABLE quotes (
    id          TEXT PRIMARY KEY,
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
    confidence  REAL NOT NULL
) STRICT;
CREATE INDEX quotes_by_report ON quotes (report, version, start);

CREATE TABLE changes (
    report      TEXT PRIMARY KEY,
    sequence    INTEGER NOT NULL,
    gone        INTEGER NOT NULL
) STRICT;
CREATE INDEX changes_by_sequence ON changes (sequence);

-- Operational: what the crawler has yet to do, and what runs there were.
CREATE TABLE frontier (
    urlkey        TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    source        TEXT,
    how           TEXT NOT NULL,
    depth         INTEGER NOT NULL DEFAULT 0,
    due           TEXT NOT NULL,        -- ISO 8601, UTC
    last_status   INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    gone          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX frontier_by_due ON frontier (due);

CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    started TEXT NOT NULL,
    ended   TEXT,
    report  TEXT
) STRICT;
