"""What can go wrong in the webapp.

WebappError
├── ArgumentError   a page was asked for with arguments it does not take
├── GoneError       a page was asked for that is withdrawn
└── PortError       the server cannot listen where it was told to
"""

from __future__ import annotations

from archive import Reason, Withdrawal


class WebappError(Exception):
    """Root of the errors of the webapp."""


class ArgumentError(WebappError):
    """An argument in the address is not one the page takes."""


class GoneError(WebappError):
    """What was asked for is withdrawn: answered with 410, or 451 where the law demanded it."""

    def __init__(self, withdrawal: Withdrawal) -> None:
        super().__init__(
            f"This page was withdrawn from the archive on {withdrawal.date}, for {withdrawal.reason.words}. "
            "It is not shown any more."
        )
        self.withdrawal = withdrawal
        self.status = 451 if withdrawal.reason is Reason.LEGAL else 410


class PortError(WebappError):
    """The address or port cannot be listened on."""
