"""A small home of made-up reports, put straight into its catalogue."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive import Home, Precision, Published, Quote, Relation, Report, Trust, Version, Via

# Openly made up, one sentence a language; no native speaker checked them.
SENTENCES = {
    "zh": "第九届模型妇女论坛在样本市举行。女性领导力成为焦点，各地代表出席。",
    "zh-hant": "模型婦女論壇在樣本市開幕，多位代表發言。",
    "km": "វេទិកាស្ត្រីគំរូបានបើកនៅក្នុងទីក្រុងគំរូ។",
    "th": "การประชุมผู้หญิงตัวอย่างเปิดขึ้นด้วยน้ำใจในเมืองตัวอย่าง",
    "lo": "ກອງປະຊຸມແມ່ຍິງຕົວຢ່າງໄດ້ເປີດຂຶ້ນ",
    "my": "နမူနာအမျိုးသမီးဖိုရမ်ကို ကျင်းပခဲ့သည်။",
    "vi": "Diễn đàn Phụ nữ Mẫu khai mạc tại Thành phố Mẫu với nhiều đại biểu.",
    "en": "The leaders of the model forum met. Leadership matters to every woman who works.",
    "id": "Forum Perempuan Contoh dibuka; para pekerja menyambutnya.",
    "ja": "見本の女性フォーラムが開かれた。",
}


def make_report(id: str, *, day: dt.date | None = None, **given: Any) -> Report:
    """A report of the edition of 2025 unless told otherwise."""
    values: dict[str, Any] = {
        "id": id, "urlkey": f"test,made-up)/{id}", "url": f"http://made-up.test/{id}", "title": f"Report {id}",
        "publisher": "The Made-up Post", "language": "en", "trust": Trust.NEWSPAPER, "via": Via.LIVE, "source": None,
        "first_seen": "20250716000000", "captured": "20250716000000", "relation": Relation.EDITION, "edition": "2025",
        "reason": "made up", "confidence": 1.0, "version": "",
        "published": Published(date=day, precision=Precision.DAY, how="given") if day else None,
    }  # fmt: skip
    return Report(**{**values, **given})


def make_version(report: str, text: str, **given: Any) -> Version:
    """A version whose id is of its text."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return Version(
        **{"id": digest, "report": report, "text": text, "title": report, "extractor": "1", "captures": (), **given}
    )


def fill(home: Home, shelf: Sequence[tuple[Report, Sequence[str]]], quotes: Sequence[Quote] = ()) -> None:
    """Make these the catalogue's reports: each with its texts, the last the ranked one."""
    reports, versions = [], []
    for report, texts in shelf:
        mine = [make_version(report.id, text) for text in texts]
        versions += mine
        reports.append(Report(**{**{f: getattr(report, f) for f in Report.__slots__}, "version": mine[-1].id}))
    with home.catalogue() as catalogue:
        catalogue.replace_reports(reports, versions, quotes)


def make_home(path: Path) -> Home:
    """A new home of the shipped collection."""
    return Home.init(path / "home")


def languages_home(path: Path) -> Home:
    """A home with one report for each sentence, a day apart from 1 July 2025 on, and an other one of 2023."""
    home = make_home(path)
    shelf = [
        (make_report(code, language=code.partition("-")[0], day=dt.date(2025, 7, 1 + i)), [text])
        for i, (code, text) in enumerate(SENTENCES.items())
    ]
    other = make_report("other", relation=Relation.OTHER, edition=None, language="en", day=dt.date(2023, 3, 8))
    fill(home, [*shelf, (other, ["A leader of something else spoke."])])
    return home
