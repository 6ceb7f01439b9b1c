"""Settings: declared once with default and help; read from file, then environment, then flags."""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from archive.errors import SettingsError

FILE = "podium.toml"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _setting(default: Any, text: str, *, least: float = 0, most: float = math.inf) -> Any:
    return field(default=default, metadata={"help": text, "least": least, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of a home. The file is `podium.toml`; `PODIUM_<NAME>` in the environment comes over it."""

    contact: str = _setting(
        "", "an e-mail or web address put into the User-Agent, so that a host's owner can reach you"
    )
    public_url: str = _setting("", "the address readers reach the site under; used in links that leave the site")
    archive_id: str = _setting("", "a name for this archive in exports and WARC headers; default: the collection's key")
    host: str = _setting("127.0.0.1", "the address `podium serve` listens on")
    port: int = _setting(8460, "the port `podium serve` listens on; 0 takes any free one", most=65535)
    threads: int = _setting(4, "threads of the server", least=1)
    workers: int = _setting(2, "processes that describe captures", least=1)
    delay: float = _setting(2.0, "seconds between two requests to one host")
    wayback_delay: float = _setting(3.0, "seconds between two requests to a Wayback-like server")
    fetch_timeout: float = _setting(30.0, "seconds one request may take in all, redirects included", least=0.001)
    max_body: int = _setting(20_000_000, "bytes of a body that are fetched at most", least=1)
    requisites: int = _setting(
        3_000_000, "bytes of pictures and styles fetched for the page of a report at most; 0 fetches none"
    )
    max_pages: int = _setting(5000, "pages one run fetches at most")
    max_host_pages: int = _setting(2000, "pages one run fetches at most from one host", least=1)
    describe_timeout: float = _setting(
        20.0, "seconds describing one page may take before its worker is killed", least=0.001
    )
    max_html: int = _setting(5_000_000, "bytes of a page that are parsed at most", least=1)
    warc_size: int = _setting(1_000_000_000, "bytes after which a new WARC file is begun", least=1)
    alarm_command: str = _setting(
        "",
        "a command that is given the report of a refresh as JSON where an alarm is new or mended, or the refresh failed",
    )
    alarm_timeout: float = _setting(60.0, "seconds alarm_command may take before it is ended", least=0.001)
    test_hosts: tuple[str, ...] = _setting((), "loopback hosts that may be crawled, without delay (tests and the demo)")
    page_size: int = _setting(10, "hits on a page of search results", least=1, most=100)


def read_settings(home: Path, *, environ: Mapping[str, str] | None = None, **flags: Any) -> Settings:
    """The settings of a home: file, then environment, then flags that are not None.

    Raises SettingsError naming the file or variable, the setting and what it takes.
    """
    settings = _from_file(home / FILE)
    environ = os.environ if environ is None else environ
    for name in (f.name for f in fields(Settings)):
        if (text := environ.get(f"PODIUM_{name.upper()}")) is not None:
            settings = _set(settings, name, _parse(name, text, f"PODIUM_{name.upper()}"), f"PODIUM_{name.upper()}")
    for name, value in flags.items():
        if value is not None:
            settings = _set(settings, name, value, f"--{name.replace('_', '-')}")
    return settings


def _from_file(path: Path) -> Settings:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as exc:  # not UTF-8, not TOML, or nested without end
        raise SettingsError(f"{path}: cannot be read as settings: {exc}; mend the line or move the file away") from exc
    settings = Settings()
    known = {f.name for f in fields(Settings)}
    for name, value in table.items():
        if name not in known:
            raise SettingsError(f"{path}: unknown setting {name!r}; the settings are {', '.join(sorted(known))}")
        settings = _set(settings, name, tuple(value) if isinstance(value, list) else value, str(path))
    return settings


def _parse(name: str, text: str, where: str) -> Any:
    kind = get_type_hints(Settings)[name]
    if kind is str:
        return text
    if kind not in (int, float):
        return tuple(text.replace(",", " ").split())
    try:
        return kind(text)
    except ValueError as exc:
        raise SettingsError(_complaint(name, text, where)) from exc


def _set(settings: Settings, name: str, value: Any, where: str) -> Settings:
    kind = get_type_hints(Settings)[name]
    if kind is float and type(value) is int:
        value = float(value)
    if not _fits(name, kind, value):
        raise SettingsError(_complaint(name, value, where))
    return replace(settings, **{name: value})


def _fits(name: str, kind: Any, value: Any) -> bool:
    if kind is str:
        return _is_line(value)
    if kind not in (int, float):
        return isinstance(value, tuple) and all(map(_is_line, value))
    least, most = _bounds(name)
    return type(value) is kind and math.isfinite(value) and least <= value <= most


def _is_line(value: Any) -> bool:
    # Settings go into HTTP and WARC headers, which a line end would break open.
    return isinstance(value, str) and not CONTROL.search(value)


def _bounds(name: str) -> tuple[float, float]:
    metadata = Settings.__dataclass_fields__[name].metadata
    return metadata["least"], metadata["most"]


def _complaint(name: str, value: Any, where: str) -> str:
    shown = repr(value)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    return f"{where}: {name} takes {takes(name)}, not {shown}"


def takes(name: str) -> str:
    """What a setting takes, in words."""
    kind = get_type_hints(Settings)[name]
    if kind not in (int, float):
        return "a text of one line" if kind is str else "a list of texts of one line"
    least, most = _bounds(name)
    noun = "a whole number" if kind is int else "a number"
    return f"{noun} of {least:g} or more" if most == math.inf else f"{noun} from {least:g} to {most:g}"


def settings_file() -> str:
    """The text of a new `podium.toml`: every setting, commented out, with its help and default."""
    lines = ["# Settings of this home. Each line shows a default; take the # away to change it.", ""]
    for f in fields(Settings):
        default = json.dumps(list(f.default) if isinstance(f.default, tuple) else f.default)  # TOML reads it alike
        lines += [f"# {f.metadata['help']}", f"# {f.name} = {default}", ""]
    return "\n".join(lines)
