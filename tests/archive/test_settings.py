"""Settings: file, then environment, then flags; one line for what cannot be used."""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import SettingsError
from archive.settings import Settings, read_settings, settings_file, takes

NAMES = tuple(f.name for f in fields(Settings))
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")))
WORDS = st.text(st.characters(categories=("L", "N"), codec="utf-8"), min_size=1)


def of_kind(name: str) -> st.SearchStrategy[Any]:
    """Values that the setting takes."""
    setting = Settings.__dataclass_fields__[name]
    least, most = setting.metadata["least"], min(setting.metadata["most"], 2**53)
    kinds: dict[type, st.SearchStrategy[Any]] = {
        str: TEXTS,
        int: st.integers(int(least), int(most)),
        float: st.floats(least, most),
        tuple: st.lists(WORDS).map(tuple),
    }
    return kinds[type(setting.default)]


SOME_SETTINGS = st.fixed_dictionaries({}, optional={name: of_kind(name) for name in NAMES})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def in_environment(values: dict[str, Any]) -> dict[str, str]:
    return {f"PODIUM_{k.upper()}": ",".join(v) if isinstance(v, tuple) else str(v) for k, v in values.items()}


def in_file(values: dict[str, Any]) -> str:
    return "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in values.items())


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path, environ={}) == Settings()


@given(in_the_file=SOME_SETTINGS, in_the_environment=SOME_SETTINGS, as_flags=SOME_SETTINGS)
def test_environment_comes_over_file_and_flags_over_environment(
    folder: Path,
    in_the_file: dict[str, Any],
    in_the_environment: dict[str, Any],
    as_flags: dict[str, Any],
) -> None:
    (folder / "podium.toml").write_text(in_file(in_the_file), "utf-8")
    settings = read_settings(folder, environ=in_environment(in_the_environment), **as_flags)
    defaults = {name: getattr(Settings(), name) for name in NAMES}
    expected = defaults | in_the_file | in_the_environment | as_flags
    assert {name: getattr(settings, name) for name in NAMES} == expected


def test_a_flag_of_none_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "podium.toml").write_text("port = 9000\n", "utf-8")
    assert read_settings(tmp_path, environ={}, port=None).port == 9000


def test_variables_that_are_no_settings_are_left_alone(tmp_path: Path) -> None:
    assert read_settings(tmp_path, environ={"PODIUM_HOME": "/somewhere", "PORT": "1"}) == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_help_of_one_line(name: str) -> None:
    text = Settings.__dataclass_fields__[name].metadata["help"]
    assert len(text) > 10
    assert "\n" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_default_is_one_that_its_setting_takes(tmp_path: Path, name: str) -> None:
    default = getattr(Settings(), name)
    assert getattr(read_settings(tmp_path, environ={}, **{name: default}), name) == default


def test_a_new_settings_file_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "podium.toml").write_text(settings_file(), "utf-8")
    assert tomllib.loads(settings_file()) == {}
    assert read_settings(tmp_path, environ={}) == Settings()


def test_a_new_settings_file_shows_every_setting_with_its_default(
    tmp_path: Path,
) -> None:
    uncommented = re.sub(r"^# (?=\w+ = )", "", settings_file(), flags=re.MULTILINE)
    (tmp_path / "podium.toml").write_text(uncommented, "utf-8")
    assert set(tomllib.loads(uncommented)) == set(NAMES)
    assert read_settings(tmp_path, environ={}) == Settings()


BAD_FILES = {
    "not TOML": ("port = = 1", "cannot be read as settings"),
    "nested without end": ("port = " + "[" * 50_000, "cannot be read as settings"),
    "a number of 5000 digits": ("port = " + "9" * 5000, "cannot be read as settings"),
    "an unknown setting": ("prot = 8000", "unknown setting 'prot'"),
    "a table": (
        "[port]\nnumber = 1",
        "port takes a whole number from 0 to 65535, not {'number': 1}",
    ),
    "a text for a number": (
        'port = "8460"',
        "port takes a whole number from 0 to 65535, not '8460'",
    ),
    "true for a number": (
        "threads = true",
        "threads takes a whole number of 1 or more, not True",
    ),
    "a fraction for a whole number": (
        "workers = 1.5",
        "workers takes a whole number of 1 or more, not 1.5",
    ),
    "no worker": ("workers = 0", "workers takes a whole number of 1 or more, not 0"),
    "a port too high": (
        "port = 65536",
        "port takes a whole number from 0 to 65535, not 65536",
    ),
    "a negative delay": ("delay = -0.5", "delay takes a number of 0 or more, not -0.5"),
    "a delay for ever": ("delay = inf", "delay takes a number of 0 or more, not inf"),
    "a delay of no number": (
        "delay = nan",
        "delay takes a number of 0 or more, not nan",
    ),
    "a number for a text": ("contact = 7", "contact takes a text of one line, not 7"),
    "a line end that would break a header": (
        r'contact = "me\r\nX-Other: 1"',
        r"contact takes a text of one line, not 'me\r",
    ),
    "a text for a list": (
        'test_hosts = "127.0.0.1"',
        "test_hosts takes a list of texts of one line, not '127.0.0.1'",
    ),
    "numbers in a list": (
        "test_hosts = [127, 0]",
        "test_hosts takes a list of texts of one line, not (127, 0)",
    ),
}


@pytest.mark.parametrize(("text", "complaint"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_in_one_line_that_names_it(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "podium.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path, environ={})
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert complaint in message
    assert "\n" not in message
    assert len(message) < 600


@pytest.mark.parametrize("body", [b"\xff\xfe\x00port", b'contact = "\x80"'], ids=["UTF-16", "a stray byte"])
def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "podium.toml").write_bytes(body)
    with pytest.raises(SettingsError, match="cannot be read as settings"):
        read_settings(tmp_path, environ={})


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "podium.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read as settings"):
        read_settings(tmp_path, environ={})


@pytest.mark.parametrize(
    ("variable", "text"),
    [("PODIUM_PORT", "http"), ("PODIUM_PORT", ""), ("PODIUM_PORT", "-1"), ("PODIUM_DELAY", "nan"), ("PODIUM_WORKERS", "2.0")],
    ids=str,
)  # fmt: skip
def test_a_bad_variable_is_refused_by_its_name(tmp_path: Path, variable: str, text: str) -> None:
    name = variable.removeprefix("PODIUM_").lower()
    with pytest.raises(SettingsError, match=f"^{variable}: {name} takes {takes(name)}, not "):
        read_settings(tmp_path, environ={variable: text})


def test_a_bad_flag_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError,
        match=r"^--page-size: page_size takes a whole number from 1 to 100, not 0$",
    ):
        read_settings(tmp_path, environ={}, page_size=0)


@given(
    value=st.one_of(
        st.booleans(),
        st.floats(),
        st.integers(),
        TEXTS,
        st.lists(st.integers()).map(tuple),
    )
)
def test_whatever_is_refused_or_taken_never_leaves_a_setting_out_of_bounds(folder: Path, value: Any) -> None:
    (folder / "podium.toml").unlink(missing_ok=True)
    for name in NAMES:
        try:
            taken = getattr(read_settings(folder, environ={}, **{name: value}), name)
        except SettingsError as exc:
            assert "\n" not in str(exc)  # noqa: PT017 - either outcome is right
            continue
        metadata = Settings.__dataclass_fields__[name].metadata
        assert type(taken) is type(getattr(Settings(), name))
        if isinstance(taken, int | float):
            assert math.isfinite(taken)
            assert metadata["least"] <= taken <= metadata["most"]
