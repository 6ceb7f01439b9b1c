"""What can go wrong in the webapp.

WebappError
├── ArgumentError   a page was asked for with arguments it does not take
└── PortError       the server cannot listen where it was told to
"""


class WebappError(Exception):
    """Root of the errors of the webapp."""


class ArgumentError(WebappError):
    """An argument in the address is not one the page takes."""


class PortError(WebappError):
    """The address or port cannot be listened on."""
