"""Patterns of the cues of one language that parts words by spaces, compiled from its rules."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import regex

from indexer.describing.quotes.rules import Rules, choice

_ABBREVIATED = (
    r"(?<!\b(?:Dr|Mr|Mrs|Ms|St|Sen|Rep|Gov|Gen|Col|Lt|Prof|Jr|Sr|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|[A-Z]|"
    r"Ir|Drs|Hj|TP|PGS|TS|GS|BS|ThS|M|Mme|Gng|Atty|dr|drg|prof|ir|h|hj|drs|dra|mr|mrs|ms|gng|atty))"
)
SENTENCE = regex.compile(rf"{_ABBREVIATED}[.!?…]+[)”]?\s+(?=[\p{{Lu}}\p{{N}}\ue000\ue001(])|\n")
_BEGINS, _ENDS = r"(?<![\p{L}\p{M}\-])", r"(?![\p{L}\p{M}])"
_NEVER = "(?P<verb>(?!))(?P<same>)"


@dataclass(frozen=True, slots=True)
class Patterns:
    """`first` is a verb of saying with what may stand before it. `said`, `first`, `told`, `inverted`, `verb_first` and `again` name the group `verb`; `inverted` also `same`, its suffix."""

    said: regex.Pattern[str]
    first: regex.Pattern[str]
    saying: regex.Pattern[str]
    that: regex.Pattern[str]
    told: regex.Pattern[str]
    inverted: regex.Pattern[str]
    verb_first: regex.Pattern[str]
    itself: regex.Pattern[str]
    naming: regex.Pattern[str]
    trailing: regex.Pattern[str]
    according: regex.Pattern[str]
    themes: regex.Pattern[str]
    again: regex.Pattern[str]


@functools.cache
def patterns_of(rules: Rules) -> Patterns:
    """The patterns of a language's rules."""
    verb_first = _verb_first(rules) if rules.verb_first else _NEVER
    told = rf"{_whole(rules.said)}(?:\s+(?:{choice(rules.told_to)}){_ENDS})?"
    return Patterns(
        said=_compiled(_NEVER if rules.verb_first else _whole(rules.said)),
        first=_compiled(_NEVER if rules.verb_first else rf"(?:(?:{choice(rules.adverbs)})\s+)*{_whole(rules.said)}"),
        saying=_compiled(_whole(rules.saying)),
        that=_compiled(rf"\s*(?:[^.,;:]{{0,40}}?\s)??(?:{choice(rules.that)}){_ENDS}\s*"),
        told=_compiled(verb_first if rules.verb_first else told),
        inverted=_compiled(_inverted(rules)),
        verb_first=_compiled(verb_first),
        itself=_compiled(_whole(rules.itself)),
        naming=_compiled(_whole(rules.naming)),
        trailing=_compiled(rf",\s+{_whole(rules.inverted)}" if rules.suffix else _NEVER),
        according=_compiled(rf"{_BEGINS}(?:{choice(rules.according)}){_ENDS}\s*"),
        themes=_compiled(_whole(rules.themes)),
        again=_compiled(rf"(?P<verb>(?:{choice(rules.inverted)}){rules.suffix}),\s*" if rules.suffix else _NEVER),
    )


def _whole(words: tuple[str, ...]) -> str:
    return f"{_BEGINS}(?P<verb>{choice(words)}){_ENDS}"


def _inverted(rules: Rules) -> str:
    """A verb behind marks, with what may stand before it and the suffix that names whoever was named last."""
    if not rules.inverted or rules.verb_first:
        return _NEVER
    suffix = f"(?P<same>{rules.suffix})?" if rules.suffix else "(?P<same>(?!))?"
    return rf"{_BEGINS}(?:(?:{choice(rules.adverbs)})\s+)*(?P<verb>{choice(rules.inverted)}){suffix}{_ENDS}"


def _verb_first(rules: Rules) -> str:
    """A verb with its speaker behind it, by a preposition or at once: ipinahayag ni, ani Tolova, dagdag niya."""
    verbs = choice((*rules.said, *rules.inverted))
    speaker = rf"(?:(?:{choice(rules.verb_first)}) |(?-i:(?=\p{{Lu}}))|(?=(?:{choice(rules.same)}){_ENDS}))"
    return rf"{_BEGINS}(?P<verb>{verbs})(?: (?:{choice(rules.adverbs)}))* {speaker}"


def _compiled(text: str) -> regex.Pattern[str]:
    return regex.compile(text, regex.I)
