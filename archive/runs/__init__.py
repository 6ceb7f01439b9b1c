"""Runs: what each refresh did, what it raises alarm of, and who knows.

report                  what is told, kept and shown
conclusion              the end of a refresh
alarms, acknowledgement what got worse, and what is taken as it is
command                 a command of the owner's that is given the report
history                 the runs in the catalogue
coverage                what is known to be missing, and why
"""

from archive.runs.acknowledgement import Acknowledgement, acknowledge, acknowledgements, end_acknowledgement
from archive.runs.conclusion import conclude
from archive.runs.coverage import ArchiveCoverage, archive_coverage
from archive.runs.history import Kept, kept_run, refresh_runs
from archive.runs.report import Alarm, AlarmKind, Problem, RefreshReport, SourceReport

__all__ = [
    "Acknowledgement",
    "Alarm",
    "AlarmKind",
    "ArchiveCoverage",
    "Kept",
    "Problem",
    "RefreshReport",
    "SourceReport",
    "acknowledge",
    "acknowledgements",
    "archive_coverage",
    "conclude",
    "end_acknowledgement",
    "kept_run",
    "refresh_runs",
]
