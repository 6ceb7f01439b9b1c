"""The one style sheet: colours that can be read, nothing from elsewhere."""

from __future__ import annotations

import re
from importlib import resources

import pytest

SHEET = (resources.files("webapp") / "static" / "podium.css").read_text("utf-8")
READ = [("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "raised"), ("soft", "raised"), ("accent", "raised"),
        ("on-accent", "accent"), ("ink", "mark"), ("accent", "mark"), ("ink", "tint"), ("accent", "tint"), ("good", "paper"),
        ("bad", "paper"), ("warn", "paper"), ("warn", "raised")]  # fmt: skip


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the light and of the dark scheme."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", SHEET, re.S)[:2]
    )
    return {"light": light, "dark": dark}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, contrast ratio)."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def declared(selector: str, sheet: str = SHEET) -> dict[str, str]:
    """The declarations of the first rule of a selector alone."""
    rule = re.search(rf"^\s*{re.escape(selector)} \{{(.*?)\}}", sheet, re.M)
    assert rule is not None, f"the sheet has no rule for {selector}"
    return dict(part.strip().split(": ", 1) for part in rule[1].split(";") if part.strip())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_can_be_read_on_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours["edge"], colours["raised"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_placeholder_can_be_read_in_its_field(scheme: str) -> None:
    rule = declared("::placeholder")
    colours = schemes()[scheme]
    assert contrast(colours[rule["color"].removeprefix("var(--").removesuffix(")")], colours["raised"]) >= 4.5
    assert rule["opacity"] == "1", "some browsers pale a placeholder of themselves"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_line_under_a_statement_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    assert declared(".said")["text-decoration-color"] == "var(--said)"
    assert contrast(colours["said"], colours["paper"]) >= 3


def test_a_chip_that_is_a_link_has_the_colour_of_links_and_another_has_not() -> None:
    assert declared("a.chip")["color"] == declared("a")["color"] != declared(".chip")["color"]


def test_a_hit_is_marked_on_paper_where_browsers_print_no_ground() -> None:
    on_paper = SHEET.partition("@media print {")[2]
    assert declared("mark", on_paper)["text-decoration"] == "underline"


def test_the_sheet_asks_for_nothing_from_elsewhere() -> None:
    assert not re.findall(r"url\(|@import|https?://", SHEET)


@pytest.mark.parametrize("language", ["zh", "ja", "th", "lo", "km", "my"])
def test_every_script_has_its_typeface(language: str) -> None:
    assert re.search(rf":lang\({language}\)[^{{]*\{{ font-family: [^}}]*Noto Sans", SHEET)
