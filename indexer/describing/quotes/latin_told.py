"""Who tells what in a sentence without marks: X said that ..., ipinahayag ni X na ..., menurut X, ..."""

from __future__ import annotations

import regex

from indexer.describing.quotes.found import Person
from indexer.describing.quotes.latin_patterns import patterns_of
from indexer.describing.quotes.people import Reader
from indexer.describing.quotes.rules import Rules, choice

Told = tuple[str, Person, int]  # the cue, the speaker, and where in the sentence what is told begins


class Teller:
    """Finds the cue of told words in a sentence."""

    def __init__(self, rules: Rules, reader: Reader) -> None:
        self.rules = rules
        self.reader = reader
        self.patterns = patterns_of(rules)
        self.linked = regex.compile(rf"(?:,|(?<=\p{{L}}))\s+(?:{choice(rules.that)})\s+")

    def cue(self, sentence: str) -> Told | None:
        """The cue of a sentence that tells what somebody with a name, or a document, said."""
        return self._by_verb(sentence) or self._according(sentence)

    def _by_verb(self, sentence: str) -> Told | None:
        for match in self.patterns.told.finditer(sentence):
            if self.rules.verb_first:
                return self._verb_first(sentence, match)
            person = self.reader.before(sentence[: match.start()])
            first = self._beginning(match["verb"], sentence[match.end() :])
            if person and first is not None and self._is_somebody(person):
                return match["verb"], person, match.end() + first
        return None

    def _beginning(self, verb: str, rest: str) -> int | None:
        """Where behind a verb the told words begin: behind "that", or at once where the verb allows it."""
        if that := self.patterns.that.match(rest):
            return int(that.end())
        at_once = regex.match(r"\s+([\p{L}\p{N}]+)", rest)
        plain = verb.casefold() in self.rules.plain and at_once is not None and len(rest.split()) > 3
        # Said in, said on: a time or place follows, and no words.
        if plain and at_once is not None and at_once[1].casefold() not in self.rules.clauses:
            return int(at_once.start(1))
        return None

    def _verb_first(self, sentence: str, match: regex.Match[str]) -> Told | None:
        rest = sentence[match.end() :]
        linked = self.linked.search(rest)
        person = self.reader.after(rest[: linked.start()]) if linked else None
        return (match["verb"], person, match.end() + linked.end()) if linked and person else None

    def _according(self, sentence: str) -> Told | None:
        """The clause begins behind the last comma of the apposition."""
        last = self.reader.named.last
        if last and (again := self.patterns.again.match(sentence)):
            return again["verb"], last, again.end()
        if (match := self.patterns.according.match(sentence)) is None:
            return None
        person, length = self.reader.apposed(sentence[match.end() :])
        return (match[0].strip(), person, match.end() + length) if person and self._is_somebody(person) else None

    def _is_somebody(self, person: Person) -> bool:
        """Whether a speaker has a name, or is a document: bodies and groups tell much, but nobody said it."""
        words = person.name.split()
        if person.document:
            return True
        if words[0].casefold() in (*self.rules.articles, *self.rules.starts):
            return False
        if len(words) > 1:
            return any(word[0].isupper() for word in words)
        return any(person.name in name.split() for name in self.reader.named.names() if name != person.name)
