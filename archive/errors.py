"""What can go wrong in the archive.

    ArchiveError
    ├── SettingsError      a settings file, environment variable or flag is wrong
    ├── CollectionError    a collection file is wrong
    ├── HomeError          a home is missing, foreign or not writable
    │   └── LockedError    another process holds the archive lock
    ├── RecordError        a WARC or ARC record cannot be read
    ├── MaterialError      a file given to import cannot be taken in
    ├── WithdrawalError    a page cannot be withdrawn or reinstated
    ├── CatalogueError     the catalogue is damaged, locked, full, or of a newer version
    ├── RebuildError       the catalogue cannot be made again from what is there
    ├── LedgerError        a line of the ledger cannot be believed
    ├── DecisionError      a decision cannot be made: no such id, field or value
    └── ExportError        an export, backup or restore cannot be made as asked

Every message says what, where and what to do next; the command prints it as it is.
"""


class ArchiveError(Exception):
    """Root of the errors a caller of the archive may meet."""


class SettingsError(ArchiveError):
    """A setting cannot be used."""


class CollectionError(ArchiveError):
    """A collection file cannot be used."""


class HomeError(ArchiveError):
    """A home cannot be used."""


class LockedError(HomeError):
    """Another process is writing to the archive."""


class RecordError(ArchiveError):
    """A record cannot be read back."""


class MaterialError(ArchiveError):
    """A file given to import is nothing the archive can take in."""


class WithdrawalError(ArchiveError):
    """A page cannot be withdrawn, reinstated, or taken in again."""


class CatalogueError(ArchiveError):
    """The catalogue cannot be used."""


class LedgerError(ArchiveError):
    """A line of the ledger cannot be believed."""


class DecisionError(ArchiveError):
    """A decision cannot be made as it was asked for."""


class RebuildError(ArchiveError):
    """The catalogue cannot be made again without loss."""


class ExportError(ArchiveError):
    """What is to be handed over, kept or restored cannot be written or read as asked."""
