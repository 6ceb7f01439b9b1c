"""What one collection states that another does not: an owner's copy beside the shipped one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.collection import collection_text, parse_collection, shipped_collections
from archive.errors import CollectionError
from archive.records import Collection, Record
from archive.tables import shown

IDENTITIES = ("key", "url", "field")  # what tells the tables of one list apart


class Kind(StrEnum):
    """How a statement differs."""

    GAINED = "gained"  # the other collection states it, this one does not
    CHANGED = "changed"
    OWN = "own"  # this one states it, the other does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Record):
    """One statement that differs: where it stands, what stands here and what there."""

    kind: Kind
    where: str
    here: Any = None
    there: Any = None

    def as_text(self) -> str:
        """The difference in one line."""
        match self.kind:
            case Kind.GAINED:
                return f"+ {self.where}{_value(self.there)}"
            case Kind.OWN:
                return f"- {self.where}{_value(self.here)}"
        return f"~ {self.where}: here {shown(self.here)}, there {shown(self.there)}"


def shipped_differences(collection: Collection) -> list[Difference]:
    """How the shipped collection of the same key differs; CollectionError when none of that key is shipped."""
    if collection.key not in shipped_collections():
        known = ", ".join(shipped_collections())
        raise CollectionError(f"no collection {collection.key!r} is shipped, so there is nothing to compare: {known}")
    shipped = parse_collection(collection_text(collection.key), where=collection.key)
    return list(differences(collection, shipped))


def differences(here: Collection, there: Collection) -> Iterator[Difference]:
    """Every statement in which two collections differ; of a whole table that only one has, the table."""
    yield from _compare(_keyed(here.to_json()), _keyed(there.to_json()), "")


def _compare(here: Mapping[str, Any], there: Mapping[str, Any], where: str) -> Iterator[Difference]:
    for name in dict.fromkeys((*there, *here)):
        place = f"{where} {name}".strip()
        if name not in here:
            yield Difference(kind=Kind.GAINED, where=place, there=_plain(there[name]))
        elif name not in there:
            yield Difference(kind=Kind.OWN, where=place, here=_plain(here[name]))
        elif isinstance(here[name], dict) and isinstance(there[name], dict):
            yield from _compare(here[name], there[name], place)
        elif here[name] != there[name]:
            yield Difference(kind=Kind.CHANGED, where=place, here=here[name], there=there[name])


def _keyed(value: Any) -> Any:
    """Lists as tables by what their items are known by, so that order does not count."""
    if isinstance(value, dict):
        return {name: _keyed(item) for name, item in value.items()}
    if isinstance(value, list):
        return {_name(item): _keyed(item) if isinstance(item, dict) else None for item in value}
    return value


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    identity = next((str(item[name]) for name in IDENTITIES if name in item), "")
    # A claim is known by its field, its value and the language that is in.
    more = [str(item[name]) for name in ("value", "language") if "field" in item and item.get(name) is not None]
    return " ".join([identity, *more])


def _plain(value: Any) -> Any:
    """What a table states, without what it leaves open."""
    if not isinstance(value, dict):
        return value
    return {name: _plain(item) for name, item in value.items() if item not in (None, "", {}, False, 0)}


def _value(value: Any) -> str:
    return "" if value is None or isinstance(value, dict) else f" = {shown(value)}"
