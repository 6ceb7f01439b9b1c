PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
INSERT INTO captures VALUES(1201876605772956,'http://gazette.example/lanterns','example,gazette)/lanterns','20240501080000',200,'text/html','response','QPEWTKTUOQ3AY3TTCCTCJUTR5OG6QAV4','22631c34e40cf21ca75f3d9e1e802179218333c4c73d3f4e547e0abbf42a44ce','20240504090000-00001.warc.gz',330,543,'live',NULL,'seed',NULL,NULL,NULL,NULL,NULL);
INSERT INTO captures VALUES(1725730524350174,'http://herald.example/evening','example,herald)/evening','20230501080000',200,'text/html','response','I66GO6FCUZIJR57U5HH6JOTOLPO64QV2','4267d584e015b2d97814fdcd91520f98f4f1218e1c141a22f7c7c2c215939e51','imports/debbe2b585158f5027e8f1acc79719cd2307530b522a8744d066c839ccb44fae-old-crawl.warc',0,565,'import',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO captures VALUES(1755945571204503,'http://gazette.example/lanterns','example,gazette)/lanterns','20240502080000',200,'text/html','revisit','QPEWTKTUOQ3AY3TTCCTCJUTR5OG6QAV4','22631c34e40cf21ca75f3d9e1e802179218333c4c73d3f4e547e0abbf42a44ce','20240504090000-00001.warc.gz',1189,376,'live',NULL,'seed',NULL,1201876605772956,NULL,NULL,NULL);
INSERT INTO captures VALUES(2100996576081952,'http://herald.example/evening','example,herald)/evening','20230501080000',200,'text/html','response','K55UHQKC6PARXHFHM5MDNWG6GRTHPWYA','7c744e8055eb2d769f623097649feae5c4b6f6eb08296753ac582f3fb92581ad','imports/debbe2b585158f5027e8f1acc79719cd2307530b522a8744d066c839ccb44fae-old-crawl.warc',569,625,'import',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO captures VALUES(2359289535879993,'http://gazette.example/lanterns','example,gazette)/lanterns','20240503080000',200,'text/html','response','ONONOTE2RRYKSG7D5664YVLBKI6BW6LC','b1f81673c5d8e90b22b0c0bb75a0de164b5b86636d00678df24e34ff78b69c77','20240504090000-00001.warc.gz',1881,497,'live',NULL,'seed',NULL,NULL,NULL,NULL,NULL);
INSERT INTO captures VALUES(3735876013119206,'http://paper.example/1','example,paper)/1','20240504080000',0,'text/plain','resource','CWKQD37P7AI3T3UZ7GJD542XSSNXKZCK','cc36523d18ce40f163b3dc3ece195be558a9bdb100bb30a3ad85caa5d466d38d','20240504090000-00001.warc.gz',2693,371,'supplied',NULL,'supplied by the owner',NULL,NULL,'Paper','2024-05-02','en');
CREATE TABLE files (
    name      TEXT PRIMARY KEY,         -- below warc/
    kind      TEXT NOT NULL,            -- own, import, recompressed
    sha256    TEXT,                     -- of the whole file, once it is closed
    size      INTEGER NOT NULL,
    records   INTEGER NOT NULL,
    note      TEXT
) STRICT;
INSERT INTO files VALUES('imports/debbe2b585158f5027e8f1acc79719cd2307530b522a8744d066c839ccb44fae-old-crawl.warc','import','debbe2b585158f5027e8f1acc79719cd2307530b522a8744d066c839ccb44fae',1198,2,NULL);
CREATE TABLE defects (
    file      TEXT NOT NULL,
    offset    INTEGER,
    problem   TEXT NOT NULL,
    UNIQUE (file, offset, problem)
) STRICT;
INSERT INTO defects VALUES('imports/debbe2b585158f5027e8f1acc79719cd2307530b522a8744d066c839ccb44fae-old-crawl.warc',569,'WARC-Payload-Digest sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA does not hold');
CREATE TABLE descriptions (
    sha256      TEXT NOT NULL,
    extractor   TEXT NOT NULL,
    url         TEXT NOT NULL,
    description BLOB NOT NULL,
    PRIMARY KEY (sha256, extractor, url)
) STRICT;
INSERT INTO descriptions VALUES('cc36523d18ce40f163b3dc3ece195be558a9bdb100bb30a3ad85caa5d466d38d','describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4 5000000 en - 2024-05-02','http://paper.example/1',X'7b227469746c65223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e222c202274657874223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e5c6e4b657074206f6e2070617065722c20747970656420696e2062792068616e642c20616e6420737570706c69656420627920746865206f776e6572206f662074686520617263686976652e222c20226c616e6775616765223a2022656e222c202273697465223a206e756c6c2c20227075626c6973686564223a207b2264617465223a2022323032342d30352d3032222c2022707265636973696f6e223a2022646179222c2022686f77223a2022617320736169642062792077686f6576657220737570706c696564206974227d2c202273746174656d656e7473223a205b5d2c202270726f626c656d223a206e756c6c7d');
INSERT INTO descriptions VALUES('b1f81673c5d8e90b22b0c0bb75a0de164b5b86636d00678df24e34ff78b69c77','describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4 5000000 - - -','http://gazette.example/lanterns',X'7b227469746c65223a20224c616e7465726e73206c6974222c202274657874223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e5c6ee2809c54686520686172626f7572207374617973206f70656e20746f20657665727920626f61742ce2809d20736169642054696c646120427261736b2c206d61796f72206f66204f73747769636b2e222c20226c616e6775616765223a2022656e222c202273697465223a206e756c6c2c20227075626c6973686564223a206e756c6c2c202273746174656d656e7473223a205b7b227374617274223a203130382c2022656e64223a203134352c20226b696e64223a2022646972656374222c2022637565223a202273616964222c2022737065616b6572223a202254696c646120427261736b222c2022726f6c65223a20226d61796f72206f66204f73747769636b222c202272756c65223a2022656e3a206166746572222c2022636f6e666964656e6365223a20302e39357d5d2c202270726f626c656d223a206e756c6c7d');
INSERT INTO descriptions VALUES('22631c34e40cf21ca75f3d9e1e802179218333c4c73d3f4e547e0abbf42a44ce','describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4 5000000 - - -','http://gazette.example/lanterns',X'7b227469746c65223a20224c616e7465726e73206c6974222c202274657874223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e5c6ee2809c54686520686172626f7572207374617973206f70656e20746f20657665727920626f61742ce2809d20736169642054696c646120427261736b2c206d61796f72206f66204f73747769636b2e5c6ee2809c57652077696c6c20636f756e7420746865206c616e7465726e7320616761696e206e65787420796561722ce2809d2073616964204f726c612056656e6e2c206b6565706572206f6620746865206c696768742e222c20226c616e6775616765223a2022656e222c202273697465223a206e756c6c2c20227075626c6973686564223a206e756c6c2c202273746174656d656e7473223a205b7b227374617274223a203130382c2022656e64223a203134352c20226b696e64223a2022646972656374222c2022637565223a202273616964222c2022737065616b6572223a202254696c646120427261736b222c2022726f6c65223a20226d61796f72206f66204f73747769636b222c202272756c65223a2022656e3a206166746572222c2022636f6e666964656e6365223a20302e39357d2c207b227374617274223a203138342c2022656e64223a203232372c20226b696e64223a2022646972656374222c2022637565223a202273616964222c2022737065616b6572223a20224f726c612056656e6e222c2022726f6c65223a20226b6565706572206f6620746865206c69676874222c202272756c65223a2022656e3a206166746572222c2022636f6e666964656e6365223a20302e39357d5d2c202270726f626c656d223a206e756c6c7d');
INSERT INTO descriptions VALUES('7c744e8055eb2d769f623097649feae5c4b6f6eb08296753ac582f3fb92581ad','describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4 5000000 - - -','http://herald.example/evening',X'7b227469746c65223a20224c616e7465726e73206c6974222c202274657874223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e5c6e41207365636f6e6420706167652c20696d706f727465642c2074656c6c73206f66207468652073616d65206d6f726e696e67206279207468652077617465722e222c20226c616e6775616765223a2022656e222c202273697465223a206e756c6c2c20227075626c6973686564223a206e756c6c2c202273746174656d656e7473223a205b5d2c202270726f626c656d223a206e756c6c7d');
INSERT INTO descriptions VALUES('4267d584e015b2d97814fdcd91520f98f4f1218e1c141a22f7c7c2c215939e51','describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4 5000000 - - -','http://herald.example/evening',X'7b227469746c65223a20224c616e7465726e73206c6974222c202274657874223a2022546869732070616765206973206d6164652075702c2077697468206974732070656f706c6520616e642069747320746f776e732c20616e6420776173206665746368656420627920616e206561726c6965722076657273696f6e206f66207468652070726f6772616d2e5c6e41207365636f6e6420706167652c20696d706f727465642c2074656c6c73206f66207468652073616d65206576656e696e67206279207468652077617465722e222c20226c616e6775616765223a2022656e222c202273697465223a206e756c6c2c20227075626c6973686564223a206e756c6c2c202273746174656d656e7473223a205b5d2c202270726f626c656d223a206e756c6c7d');
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
INSERT INTO reports VALUES('f45d3686b33a','example,gazette)/lanterns','http://gazette.example/lanterns','Lanterns lit','gazette.example','en','unknown','live',NULL,NULL,NULL,NULL,'20240501080000','20240503080000','other',NULL,'does not name the forum',0.8000000000000000444,'938c4327f7eeaafdea369cdbdceb14ab',NULL,NULL,'fb8b52bd5b03898198b352da1b5db3af52db2fcd56610290bd6d5ca758cc03f6');
INSERT INTO reports VALUES('0b32fb238639','example,herald)/evening','http://herald.example/evening','Lanterns lit','herald.example','en','unknown','import',NULL,NULL,NULL,NULL,'20230501080000','20230501080000','other',NULL,'does not name the forum',0.8000000000000000444,'1e80f8f3524e585d52690fea3078d899',NULL,NULL,'56ef6188d0ae393f5aae9dae5e5bfc0bde7c534b84f1d225b80bda3f3c47d1ea');
INSERT INTO reports VALUES('9e4e7f3fcf49','example,paper)/1','http://paper.example/1','This page is made up, with its people and its towns, and was fetched by an earlier version of the program.','Paper','en','unknown','supplied',NULL,'2024-05-02','day','as said by whoever supplied it','20240504080000','20240504080000','other',NULL,'does not name the forum',0.8000000000000000444,'e785395ae8ceca6d99f9534a6045a4f7',NULL,NULL,'868a90d6d6b2309489a312d5d9c3cbff051029a709d3114840e45438b00d9055');
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
INSERT INTO versions VALUES('f45d3686b33a','35c7bfbc78afc1d13adc1b185ac392b3',0,'Lanterns lit',replace('This page is made up, with its people and its towns, and was fetched by an earlier version of the program.\n“The harbour stays open to every boat,” said Tilda Brask, mayor of Ostwick.\n“We will count the lanterns again next year,” said Orla Venn, keeper of the light.','\n',char(10)),'describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4','[1201876605772956, 1755945571204503]');
INSERT INTO versions VALUES('f45d3686b33a','938c4327f7eeaafdea369cdbdceb14ab',1,'Lanterns lit',replace('This page is made up, with its people and its towns, and was fetched by an earlier version of the program.\n“The harbour stays open to every boat,” said Tilda Brask, mayor of Ostwick.','\n',char(10)),'describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4','[2359289535879993]');
INSERT INTO versions VALUES('0b32fb238639','7862a4241ec1604204ecd1e707a3b235',0,'Lanterns lit',replace('This page is made up, with its people and its towns, and was fetched by an earlier version of the program.\nA second page, imported, tells of the same evening by the water.','\n',char(10)),'describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4','[1725730524350174]');
INSERT INTO versions VALUES('0b32fb238639','1e80f8f3524e585d52690fea3078d899',1,'Lanterns lit',replace('This page is made up, with its people and its towns, and was fetched by an earlier version of the program.\nA second page, imported, tells of the same morning by the water.','\n',char(10)),'describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4','[2100996576081952]');
INSERT INTO versions VALUES('9e4e7f3fcf49','e785395ae8ceca6d99f9534a6045a4f7',0,'This page is made up, with its people and its towns, and was fetched by an earlier version of the program.',replace('This page is made up, with its people and its towns, and was fetched by an earlier version of the program.\nKept on paper, typed in by hand, and supplied by the owner of the archive.','\n',char(10)),'describe-1 trafilatura-2.3.1 htmldate-1.11.0 pypdfium2-5.15.2 py3langid-0.4.0 rules-78c790a4','[3735876013119206]');
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
INSERT INTO quotes VALUES('27c620f514b7f6e6','f45d3686b33a','35c7bfbc78afc1d13adc1b185ac392b3','The harbour stays open to every boat,',108,145,'direct','said','Tilda Brask','mayor of Ostwick','en','en: after',0.94999999999999995559);
INSERT INTO quotes VALUES('2095b558e0094bdc','f45d3686b33a','35c7bfbc78afc1d13adc1b185ac392b3','We will count the lanterns again next year,',184,227,'direct','said','Orla Venn','keeper of the light','en','en: after',0.94999999999999995559);
INSERT INTO quotes VALUES('a36135f48a6dad7b','f45d3686b33a','938c4327f7eeaafdea369cdbdceb14ab','The harbour stays open to every boat,',108,145,'direct','said','Tilda Brask','mayor of Ostwick','en','en: after',0.94999999999999995559);
CREATE TABLE changes (
    report      TEXT PRIMARY KEY,
    sequence    INTEGER NOT NULL,
    gone        INTEGER NOT NULL
) STRICT;
INSERT INTO changes VALUES('f45d3686b33a',1,0);
INSERT INTO changes VALUES('0b32fb238639',1,0);
INSERT INTO changes VALUES('9e4e7f3fcf49',1,0);
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
CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    started TEXT NOT NULL,
    ended   TEXT,
    report  TEXT
) STRICT;
CREATE INDEX captures_by_urlkey ON captures (urlkey, timestamp);
CREATE INDEX captures_by_digest ON captures (payload_sha1);
CREATE INDEX reports_by_edition ON reports (edition);
CREATE INDEX quotes_by_report ON quotes (report, version, start);
CREATE INDEX changes_by_sequence ON changes (sequence);
CREATE INDEX frontier_by_due ON frontier (due);
PRAGMA user_version=1;
COMMIT;
