"""The query language: a reader's text to a tree.

women leaders            both words            "women leaders"      side by side
women OR leaders         either                "women leaders"~5    near, in any order
women -leaders           the one without       lead*  le?der  l*r   patterns that begin with a letter
title:women              in the title          leeder~              spelled much like it
(a OR b) c               grouped
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive import DOUBLE_QUOTES, fold_plain
from indexer.analysis import Kind, analyse
from indexer.errors import QueryError
from indexer.tree import And, Everything, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word, phrase

MAX_LENGTH = 512
MAX_DEPTH = 16
MAX_NEAR = 10  # different words that may be looked for near one another
MAX_DISTANCE = 50
LONG_WORD = 6  # letters from which on two edits are allowed

_WILD = re.compile(r"[*?~\u2047-\u2049\ufe16\ufe56\ufe61\uff0a\uff1f\uff5e]")  # what is * ? or ~ once folded
_QUOTES = re.escape(DOUBLE_QUOTES)
_LEXEME = re.compile(
    rf"(?P<space>[\s\u3000]+)|(?P<open>[(（])|(?P<close>[)）])"
    rf"|(?P<title>(?:title|TITLE|Title)[:：])"
    rf"|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}](?:[~～](?P<near>\d{{1,3}}))?|$)"
    rf"|(?P<minus>[-－](?=[^\s\u3000)）]))|(?P<chunk>[^\s\u3000()（）{_QUOTES}]+)"
)


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    near: int | None = None


def parse_query(text: str) -> Node:
    """The tree of a query; QueryError says in one sentence why there is none."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The query has {len(text):,} characters; {MAX_LENGTH} are allowed. Shorten it.")
    if re.search(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]", text):
        raise QueryError("The query has control characters. Type it again without them.")
    node = _Parser(_lexemes(text)).parse()
    if node is None and text.strip(" *"):
        raise QueryError(
            "The query has no letter or digit to look for. Type a word, or leave it empty for all reports."
        )
    return node or Everything()


def _lexemes(text: str) -> list[_Lexeme]:
    lexemes = []
    spaced = True
    for match in _LEXEME.finditer(text):
        kind = match.lastgroup or "phrase"
        kind = "phrase" if kind == "near" else kind
        if kind == "minus" and not spaced:
            kind = "space"  # a dash within a word parts it
        if kind == "chunk" and match[0] in ("AND", "OR", "NOT"):
            kind = match[0]
        if kind != "space":
            lexemes.append(_Lexeme(kind, match["phrase"] if kind == "phrase" else match[0], _number(match["near"])))
        spaced = kind in ("space", "open", "minus", "title")
    return lexemes


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


class _Parser:
    """Recursive descent over the lexemes of one query."""

    def __init__(self, lexemes: Sequence[_Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0

    def parse(self) -> Node | None:
        node = self.either(depth=0, title=False)
        if self.peek() == "close":
            raise QueryError("The query closes a parenthesis that was never opened. Remove it or open one.")
        return node

    def peek(self) -> str | None:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else None

    def take(self, kind: str) -> bool:
        if self.peek() != kind:
            return False
        self.at += 1
        return True

    def either(self, *, depth: int, title: bool) -> Node | None:
        if depth > MAX_DEPTH:
            raise QueryError(f"The query nests deeper than {MAX_DEPTH} parentheses. Simplify it.")
        choices = [self.every(depth=depth, title=title)]
        while self.take("OR"):
            choices.append(self.every(depth=depth, title=title))
        return _joined(Or, [choice for choice in choices if choice])

    def every(self, *, depth: int, title: bool) -> Node | None:
        needed = []
        while self.peek() not in (None, "OR", "close"):
            if self.take("AND"):
                continue
            if node := self.one(depth=depth, title=title):
                needed.append(node)
        return _joined(And, needed)

    def one(self, *, depth: int, title: bool) -> Node | None:
        negated = False
        while self.peek() in ("NOT", "minus", "title"):
            title |= self.peek() == "title"
            negated ^= self.peek() != "title"
            self.at += 1
        if self.peek() in (None, "OR", "AND", "close"):
            return None
        node = self.primary(depth=depth, title=title)
        return Not(node) if node and negated else node

    def primary(self, *, depth: int, title: bool) -> Node | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind != "open":
            return _phrase(lexeme, title=title) if lexeme.kind == "phrase" else _chunk(lexeme.text, title=title)
        node = self.either(depth=depth + 1, title=title)
        if not self.take("close"):
            raise QueryError("The query opens a parenthesis that is never closed. Close it or remove it.")
        return node


def _joined(kind: type[And | Or], nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def _phrase(lexeme: _Lexeme, *, title: bool) -> Node | None:
    tokens = analyse(lexeme.text)
    if not tokens.terms:
        return None
    if lexeme.near is None or len(tokens) == 1:
        found = phrase(tokens, title=title)
        goes_on = lexeme.text.rstrip().endswith(("*", "＊"))
        return _open_ended(found, tokens.kinds[-1]) if goes_on else found
    if any(kind is not Kind.WORD for kind in tokens.kinds):
        raise QueryError('"..."~n works for words of scripts that part their words. Leave ~n away.')
    if lexeme.near > MAX_DISTANCE:
        raise QueryError(f"Words can be looked for up to {MAX_DISTANCE} apart. Give a smaller number after ~.")
    words = tuple(dict.fromkeys(tokens.terms))
    if len(words) == 1:
        return phrase(analyse(words[0]), title=title)
    if len(words) > MAX_NEAR:
        raise QueryError(f'"..."~n takes at most {MAX_NEAR} different words. Leave some out.')
    return Near(words, lexeme.near, title)


def _chunk(text: str, *, title: bool) -> Node | None:
    """What was typed between two spaces: a word, a pattern, or several words that belong together."""
    if _WILD.search(text):
        folded = fold_plain(text)
        if match := re.fullmatch(r"(.+?)~([0-9]*)", folded):
            return _fuzzy(match[1], match[2], title=title)
        if ("*" in folded or "?" in folded[:-1]) and folded.strip("*?"):
            return _pattern(folded, title=title)
    tokens = analyse(text)
    if not tokens.terms:
        return None
    # A doubled word is a plural, or every one of them: perempuan-perempuan, araw-araw.
    doubled = len(tokens) == 2 and tokens.terms[0] == tokens.terms[1]
    if (len(tokens) == 1 or doubled) and tokens.kinds[0] is Kind.WORD:
        return Word(tokens.terms[0], title)
    return phrase(tokens, title=title)


def _fuzzy(text: str, distance: str, *, title: bool) -> Node | None:
    tokens = analyse(text)
    if not tokens.terms:
        return None
    if len(tokens) > 1 or tokens.kinds[0] is not Kind.WORD:
        raise QueryError(f"{text}~ is no single word; ~ finds spellings of one word. Leave ~ away.")
    word = tokens.terms[0]
    most = 2 if len(word) >= LONG_WORD else 1
    return Fuzzy(word, min(int(distance or most), most), title) if distance != "0" else Word(word, title)


def _pattern(text: str, *, title: bool) -> Node | None:
    tokens = analyse(text)
    if text[0] in "*?":
        raise QueryError(f"{text} begins with a wildcard; a pattern must begin with a letter.")
    literal = re.sub(r"[*?]+", "", text)
    single = analyse(literal)
    if len(single) == 1 and single.kinds[0] is Kind.WORD and single.terms[0] == literal:
        only_end = text.rstrip("*") == literal
        return Prefix(literal, title) if only_end else Wildcard(re.sub(r"\*+", "*", text), title)
    if text.rstrip("*") != literal or not tokens.terms:
        raise QueryError(f"{text} has a wildcard outside a single word. Use wildcards within one word.")
    return _open_ended(phrase(tokens, title=title), tokens.kinds[-1])


def _open_ended(found: Phrase, last: Kind) -> Phrase | Prefix:
    """A phrase whose last word may go on; units may anyway."""
    if last is not Kind.WORD:
        return found
    if found.size == 1:
        return Prefix(found.parts[0].term, found.title)
    *before, end = found.parts
    return Phrase((*before, type(end)(end.offset, end.term, open=True)), found.size, found.title)
