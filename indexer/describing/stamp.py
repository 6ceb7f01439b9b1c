"""The stamp of the pure pass: what made a description, so that another version makes it again."""

from __future__ import annotations

import hashlib
from importlib import metadata, resources

# Raised by hand when the code below finds other things in the same page.
PASS = 2
PACKAGES = ("trafilatura", "htmldate", "pypdfium2", "py3langid")
RULES = ("boilerplate.toml", "dates.toml", "languages.toml", "quotes.toml")


def stamp() -> str:
    """The pass, the packages it leaves work to, and a digest of its rules, which their owner may edit."""
    packages = " ".join(f"{name}-{metadata.version(name)}" for name in PACKAGES)
    return f"describe-{PASS} {packages} rules-{_rules()}"


def _rules() -> str:
    folder = resources.files("indexer") / "data"
    files = (folder / name for name in RULES)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()[:8]


EXTRACTOR = stamp()
