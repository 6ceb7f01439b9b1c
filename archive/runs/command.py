"""A command of the owner's that is given a report."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

LAST = 300  # characters of what it said that are repeated


def call(command: str, report: Mapping[str, Any], *, seconds: float) -> str | None:
    """Give a command the report as JSON on its standard input; None when it took it, else what went wrong, in words.

    The command is split as a shell would split it, but no shell runs it: nothing in a report can become a command.
    """
    try:
        words = shlex.split(command)
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
    except (OSError, ValueError, IndexError) as exc:
        return f"cannot be run ({command[:100]}): {getattr(exc, 'strerror', None) or exc}"
    try:
        said, _ = process.communicate(json.dumps(report, ensure_ascii=False).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"took longer than {seconds:g} seconds and was ended ({command[:100]})"
    if process.returncode:
        return f"ended with {process.returncode} ({command[:100]}): {' '.join(said.decode(errors='replace').split())[-LAST:]}"
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
