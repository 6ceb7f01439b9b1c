"""A report as the index takes it, and as it comes back with a hit."""

from __future__ import annotations

import datetime as dt
import json

from archive import Precision, Published, Relation, Report, Trust, Version, Via
from indexer.segments import Document


def document_of(report: Report, version: Version) -> Document:
    """What the index takes of a report whose ranked text is `version`'s."""
    return Document(
        id=report.id,
        title=report.title,
        text=version.text,
        published=report.published.date.toordinal() if report.published else 0,
        facets=(report.edition or "", report.language, report.publisher, report.relation.value, report.trust.value),
        stored=json.dumps(report.to_json(), ensure_ascii=False),
    )


def report_of(stored: str) -> Report:
    """The report that was stored with a document."""
    values = json.loads(stored)
    if (day := values["published"]) is not None:
        date, precision = dt.date.fromisoformat(day["date"]), Precision(day["precision"])
        values["published"] = Published(date=date, precision=precision, how=day["how"])
    values["trust"], values["via"] = Trust(values["trust"]), Via(values["via"])
    values["relation"] = Relation(values["relation"])
    return Report(**values)
