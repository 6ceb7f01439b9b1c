"""A timetable: a command run whenever a cron expression says so, until the process is told to end."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler

PATIENCE = 90.0  # seconds a run that is told to end has for putting its work on disk
SIGNALS = (signal.SIGTERM, signal.SIGINT)

Say = Callable[[str, dict[str, Any]], None]


class Timetable:
    """Runs one command at its times, never twice at once; a run that fails keeps nothing from the next one.

    The command is a process of its own, so that whatever ends it leaves the timetable standing.
    """

    def __init__(self, trigger: Any, command: Sequence[str], *, zone: dt.tzinfo, say: Say) -> None:
        self._command = list(command)
        self._say = say
        self._ends = threading.Event()
        self._running: subprocess.Popen[bytes] | None = None
        self._scheduler = BackgroundScheduler(timezone=zone)
        # What was missed, because a run took long or the machine slept, is made up for once, however late.
        self._job = self._scheduler.add_job(self._run, trigger, max_instances=1, coalesce=True, misfire_grace_time=None)
        self._scheduler.add_listener(self._left_out, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)

    def keep(self) -> None:
        """Keep the timetable until SIGTERM or SIGINT; a run going on then is told to end and waited for."""
        with self._signals():
            self._scheduler.start()
            try:
                self._tell("kept")
                self._ends.wait()
            finally:
                self._ends.set()
                self._end_run()
                self._scheduler.shutdown(wait=True)
        self._say("ended", {"event": "ended"})

    def end(self) -> None:
        """Let `keep` return."""
        self._ends.set()

    def _run(self) -> None:
        if self._ends.is_set():
            return
        try:
            # A session of its own: Ctrl-C reaches the timetable alone, which passes it on once.
            self._running = process = subprocess.Popen(self._command, start_new_session=True)
        except OSError as exc:
            self._tell("not started", f"the run could not be started: {exc.strerror or exc}; ")
            return
        if self._ends.is_set():
            process.terminate()
        code = process.wait()
        self._running = None
        if not self._ends.is_set():
            self._tell("run", f"the run ended with {code}; ", code=code)

    def _end_run(self) -> None:
        process = self._running
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()

    def _left_out(self, event: Any) -> None:
        self._say("the last run is still going on: this one is left out", {"event": "left out"})

    def _tell(self, event: str, text: str = "", *, code: int | None = None) -> None:
        at: dt.datetime | None = self._job.next_run_time
        following = f"next run at {at:%Y-%m-%d %H:%M %Z}" if at else "no further run"
        said = {"event": event, **({} if code is None else {"code": code}), "next": at.isoformat() if at else None}
        self._say(f"{text}{following}", said)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, lambda *_: self._ends.set()) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
