"""The truth: WARC files, the ledger, one SQLite catalogue. Knows neither network nor index.

records, settings, collection,
collection_diff                 what everything else speaks of
corrections                     decisions against the rules
home, lock                      a folder bound to one collection, and who may write to it
writer, group, mend, durable    captures out to WARC files
scan, head, coding, record      WARC and ARC files back to records
facts, revisits                 records to rows
imports, intake, wacz,
reading, verify                 files made elsewhere; payloads; digests recomputed
how                             words that say how a capture came to be made
catalogue, migrations, schema,
ledger, status                  what is held, what was decided
runs                            what each refresh did, alarms, who knows
additions                       pages named by hand
withdrawals, withdraw, refusals what is out of sight, and may not come in again
rights, robots_tags             what of a text may be shown
erase, rewrite, heirs, carrier,
switch, redact, unfinished      what is erased: files written anew, payloads kept for others, the ledger's quotations
folding, address, urlkey        text and addresses made comparable
patterns, originals             addresses by their form; what a mirror's page is a copy of
handover                        the archive handed over: exports, backup, restore
shown                           pictures and styles that pages and styles name
commands, cli                   the command's shared parts; init, import, verify, status
"""

from archive.additions import additions, note_additions
from archive.address import normalise, resolve
from archive.catalogue import Catalogue, transaction
from archive.collection import collection_text, parse_collection, shipped_collections
from archive.collection_diff import Difference, shipped_differences
from archive.commands import DEFAULT_HOME, Context, PublishedType, by_option, json_option, wait_option
from archive.corrections import Decision, correct, decisions, history_of, parse_published, printed, standing
from archive.durable import disk_problem, fsync_folder, write_durably
from archive.erase import Erased, covered_captures, erase
from archive.errors import (
    ArchiveError,
    CatalogueError,
    CollectionError,
    DecisionError,
    ExportError,
    HomeError,
    LedgerError,
    LockedError,
    MaterialError,
    RebuildError,
    RecordError,
    SettingsError,
    WithdrawalError,
)
from archive.folding import DOUBLE_QUOTES, Folded, fold, fold_plain, strip_marks
from archive.handover.backup import BackupResult
from archive.handover.backup import backup as back_up
from archive.handover.export import ExportResult
from archive.handover.export import Format as ExportFormat
from archive.handover.export import export as export_archive
from archive.handover.restore import RestoreResult, restore
from archive.handover.selection import Selection
from archive.home import Home
from archive.how import NEXT_PAGE, NOTICE, OF_COLLECTION, REQUISITE, ROBOTS, SITEMAP_INDEX, is_notice, may_be_report
from archive.ledger import Ledger
from archive.lock import archive_lock
from archive.originals import probable_original
from archive.patterns import fits
from archive.reading import read_capture, read_payload
from archive.rebuild import Rebuilt, rebuild_facts
from archive.record import WarcRecord
from archive.records import (
    CLAIM_FIELDS,
    Capture,
    Claim,
    Collection,
    Correction,
    Defect,
    Edition,
    Field,
    Listing,
    NearMiss,
    Payload,
    Precision,
    Published,
    Quote,
    QuoteKind,
    Record,
    Relation,
    Report,
    Rights,
    Seed,
    Show,
    Source,
    Trust,
    Version,
    Via,
    WaybackServer,
    plain,
)
from archive.redact import Redaction
from archive.rights import rights_of
from archive.robots_tags import header_forbids_copy, meta_forbids_copy
from archive.runs import (
    Acknowledgement,
    Alarm,
    AlarmKind,
    ArchiveCoverage,
    Kept,
    Problem,
    RefreshReport,
    SourceReport,
    acknowledge,
    acknowledgements,
    archive_coverage,
    conclude,
    end_acknowledgement,
    kept_run,
    refresh_runs,
)
from archive.settings import Settings, read_settings, settings_file
from archive.shown import best_of, css_addresses, css_with, is_hostile, picture_of
from archive.status import Status, archive_status
from archive.urlkey import is_form, report_id, surt, urlkey
from archive.verify import Verification, verify, verify_capture
from archive.verify_ledger import note_fixity
from archive.withdraw import Target, decide, drop_derived, find_target, reinstate
from archive.withdrawals import Level, Reason, Withdrawal, Withdrawals
from archive.writer import ArchiveWriter

__all__ = [
    "CLAIM_FIELDS",
    "DEFAULT_HOME",
    "DOUBLE_QUOTES",
    "NEXT_PAGE",
    "NOTICE",
    "OF_COLLECTION",
    "REQUISITE",
    "ROBOTS",
    "SITEMAP_INDEX",
    "Acknowledgement",
    "Alarm",
    "AlarmKind",
    "ArchiveCoverage",
    "ArchiveError",
    "ArchiveWriter",
    "BackupResult",
    "Capture",
    "Catalogue",
    "CatalogueError",
    "Claim",
    "Collection",
    "CollectionError",
    "Context",
    "Correction",
    "Decision",
    "DecisionError",
    "Defect",
    "Difference",
    "Edition",
    "Erased",
    "ExportError",
    "ExportFormat",
    "ExportResult",
    "Field",
    "Folded",
    "Home",
    "HomeError",
    "Kept",
    "Ledger",
    "LedgerError",
    "Level",
    "Listing",
    "LockedError",
    "MaterialError",
    "NearMiss",
    "Payload",
    "Precision",
    "Problem",
    "Published",
    "PublishedType",
    "Quote",
    "QuoteKind",
    "Reason",
    "RebuildError",
    "Rebuilt",
    "Record",
    "RecordError",
    "Redaction",
    "RefreshReport",
    "Relation",
    "Report",
    "RestoreResult",
    "Rights",
    "Seed",
    "Selection",
    "Settings",
    "SettingsError",
    "Show",
    "Source",
    "SourceReport",
    "Status",
    "Target",
    "Trust",
    "Verification",
    "Version",
    "Via",
    "WarcRecord",
    "WaybackServer",
    "Withdrawal",
    "WithdrawalError",
    "Withdrawals",
    "acknowledge",
    "acknowledgements",
    "additions",
    "archive_coverage",
    "archive_lock",
    "archive_status",
    "back_up",
    "best_of",
    "by_option",
    "collection_text",
    "conclude",
    "correct",
    "covered_captures",
    "css_addresses",
    "css_with",
    "decide",
    "decisions",
    "disk_problem",
    "drop_derived",
    "end_acknowledgement",
    "erase",
    "export_archive",
    "find_target",
    "fits",
    "fold",
    "fold_plain",
    "fsync_folder",
    "header_forbids_copy",
    "history_of",
    "is_form",
    "is_hostile",
    "is_notice",
    "json_option",
    "kept_run",
    "may_be_report",
    "meta_forbids_copy",
    "normalise",
    "note_additions",
    "note_fixity",
    "parse_collection",
    "parse_published",
    "picture_of",
    "plain",
    "printed",
    "probable_original",
    "read_capture",
    "read_payload",
    "read_settings",
    "rebuild_facts",
    "refresh_runs",
    "reinstate",
    "report_id",
    "resolve",
    "restore",
    "rights_of",
    "settings_file",
    "shipped_collections",
    "shipped_differences",
    "standing",
    "strip_marks",
    "surt",
    "transaction",
    "urlkey",
    "verify",
    "verify_capture",
    "wait_option",
    "write_durably",
]
