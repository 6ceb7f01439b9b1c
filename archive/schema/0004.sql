-- What robots were told beside an answer (X-Robots-Tag), a line a header; and whether a page asks not to be shown.
ALTER TABLE captures ADD COLUMN robots TEXT;
ALTER TABLE reports ADD COLUMN noarchive INTEGER NOT NULL DEFAULT 0;
