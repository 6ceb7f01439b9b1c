"""Files and events of the archive as PREMIS 3 names them: the ledger in the words of the field's own vocabulary."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from archive.ledger import Ledger

SPACE = "http://www.loc.gov/premis/v3"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# Kinds of the ledger by event type (id.loc.gov/vocabulary/preservation/eventType).
TYPES: Mapping[str, str] = {
    "additions": "accession",
    "aliases": "metadata modification",
    "corrections": "metadata modification",
    "defects": "validation",
    "erasures": "deletion",
    "files": "message digest calculation",
    "fixity": "fixity check",
    "imports": "ingestion",
    "restores": "recovery",
    "withdrawals": "policy assignment",
}
OTHER = "policy assignment"  # every other kind is a decision
AGENT = "Podium"

Element = ET.Element


def premis_xml(files: Mapping[str, tuple[int, str]], ledger: Ledger) -> bytes:
    """The document: each file with size and SHA-256, each line of the ledger as an event, who did it as agents."""
    ET.register_namespace("premis", SPACE)
    ET.register_namespace("xsi", INSTANCE)
    root = ET.Element(_name("premis"), {"version": "3.0"})
    for name, (size, sha256) in sorted(files.items()):
        root.append(_object(name, size, sha256))
    events = ledger.history()
    for kind, entry in events:
        root.append(_event(kind, entry))
    root.append(_packed())
    for agent in sorted({AGENT, *(entry["who"] for _, entry in events)}):
        root.append(_agent(agent))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _object(name: str, size: int, sha256: str) -> Element:
    is_warc = ".warc" in name or ".arc" in name
    found = ET.Element(_name("object"), {f"{{{INSTANCE}}}type": "premis:file"})
    _add(found, ("objectIdentifier", [("objectIdentifierType", "path"), ("objectIdentifierValue", name)]))
    designation = ("formatDesignation", [("formatName", "WARC" if is_warc else name.rpartition(".")[2] or "text")])
    fixity = ("fixity", [("messageDigestAlgorithm", "SHA-256"), ("messageDigest", sha256)])
    _add(found, ("objectCharacteristics", [fixity, ("size", str(size)), ("format", [designation])]))
    return found


def _event(kind: str, entry: Mapping[str, Any]) -> Element:
    detail = json.dumps({"ledger": kind, **{k: entry[k] for k in ("why", "before", "after")}}, ensure_ascii=False)
    found = ET.Element(_name("event"))
    _add(found, ("eventIdentifier", [("eventIdentifierType", "ledger"), ("eventIdentifierValue", entry["id"])]))
    _add(found, ("eventType", TYPES.get(kind, OTHER)), ("eventDateTime", entry["time"]))
    _add(found, ("eventDetailInformation", [("eventDetail", detail)]))
    if kind == "fixity":
        outcome = "fail" if (entry["after"] or {}).get("problems") else "pass"
        _add(found, ("eventOutcomeInformation", [("eventOutcome", outcome)]))
    _add(found, _link("Agent", "name", entry["who"]), _link("Object", "path", _path(kind, entry["subject"])))
    return found


def _path(kind: str, subject: str) -> str:
    """What an event is about: a file by its path in the archive, anything else as the ledger has it."""
    return f"warc/{subject}" if kind in ("files", "imports", "defects") else subject


def _packed() -> Element:
    found = ET.Element(_name("event"))
    _add(found, ("eventIdentifier", [("eventIdentifierType", "UUID"), ("eventIdentifierValue", str(uuid.uuid4()))]))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    _add(found, ("eventType", "information package creation"), ("eventDateTime", now), _link("Agent", "name", AGENT))
    return found


def _agent(name: str) -> Element:
    found = ET.Element(_name("agent"))
    _add(found, ("agentIdentifier", [("agentIdentifierType", "name"), ("agentIdentifierValue", name)]))
    _add(found, ("agentName", name), ("agentType", "software" if name == AGENT else "person"))
    return found


def _link(kind: str, type: str, value: str) -> tuple[str, list[Any]]:
    name = f"linking{kind}Identifier"
    return name, [(f"{name}Type", type), (f"{name}Value", value)]


def _add(parent: Element, *parts: tuple[str, str | Iterable[Any]]) -> None:
    for name, content in parts:
        child = ET.SubElement(parent, _name(name))
        if isinstance(content, str):
            child.text = "".join(c for c in content if c >= " " or c in "\t\n")  # XML takes no other control
        else:
            _add(child, *content)


def _name(name: str) -> str:
    return f"{{{SPACE}}}{name}"
