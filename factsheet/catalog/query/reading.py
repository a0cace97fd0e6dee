"""Read a query: `task = classification and (power < 3 W or not has power)`.

    query       = term { "or" term }
    term        = factor { "and" factor }
    factor      = "not" factor | "(" query ")" | "has" name | name operator value | words
    operator    = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"

A name, a value and words go on to the next `and`, `or`, operator or parenthesis, so that `3 W` and
`phase-change memory` need no quotes; what holds such a sign or word is put between quotes, single or double.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.query.faults import QueryPart
from factsheet.catalog.query.names import field_named, names_like
from factsheet.catalog.query.terms import All, AnyOf, HasField, Not, QueryComparison, Words
from factsheet.catalog.query.values import AskedField, read_query_value

if TYPE_CHECKING:
    from factsheet.catalog.query.terms import Operator, Query, QueryField
    from factsheet.errors import UsageError

LONGEST = 2000
"""Characters of a query."""
DEEPEST = 40
"""Levels of parentheses and negations."""
_TOKEN = re.compile(
    r"""\s+|(?P<quoted>"[^"]*"|'[^']*')|(?P<open>\()|(?P<close>\))|(?P<operator><=|>=|!=|<>|==|[=<>~≤≥≠])"""
    r"""|(?P<word>(?:[^\s()=<>~!≤≥≠"']|(?<=\S)['"]|!(?!=))+)|(?P<other>.)""",
    re.DOTALL,
)
_OPERATORS: dict[str, Operator] = {
    "=": "=",
    "==": "=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
    "<": "<",
    "<=": "<=",
    "≤": "<=",
    ">": ">",
    ">=": ">=",
    "≥": ">=",
    "~": "~",
}
_OTHER_SIGNS = frozenset({"&&", "||", ":", ":=", "!", "+", "*"})
_OTHER_WORDS = frozenset(
    {"is", "in", "between", "contains", "like", "equals", "matches", "over", "under", "above", "below"}
)
_KEYWORDS = ("and", "or", "not", "has")
_EXAMPLE = "for example `task = classification and power < 3 W`"


class _Token(NamedTuple):
    kind: str
    """`quoted`, `open`, `close`, `operator`, `word`, `keyword` or `end`."""
    text: str
    start: int
    end: int


def read_query(text: str) -> Query:
    """Return what a query asks for.

    Raises:
        UsageError: it cannot be read; the message has the query with a caret below the place.
    """
    if len(text) > LONGEST:
        said = f"the query has {len(text):,} characters, and at most {LONGEST:,} are read"
        raise QueryPart(text, LONGEST, LONGEST + 1).fault(said, "ask for less at once")
    return _Reader(text).query()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        part = QueryPart(text, match.start(), match.end())
        if kind == "other" and match[0] in "\"'":
            raise part.fault("this quote is not closed", "close it by the same sign")
        if kind == "other":
            raise part.fault(f"`{match[0]}` means nothing here", f"write a comparison, {_EXAMPLE}")
        if kind is not None:
            is_keyword = kind == "word" and match[0].lower() in _KEYWORDS
            found.append(_Token("keyword" if is_keyword else kind, match[0], match.start(), match.end()))
    return [*found, _Token("end", "", len(text), len(text))]


class _Reader:
    """Reads one query from its start to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0
        self._depth = 0

    def query(self) -> Query:
        """Return the whole query."""
        if self._ends:
            raise self._fault(self._next, "the query is empty", f"say what to look for, {_EXAMPLE}")
        found = self._any()
        if not self._ends:
            raise self._fault(
                self._next,
                f"`{self._next.text}` closes nothing"
                if self._next.kind == "close"
                else f"`{self._next.text}` has no place here",
                "put `and` or `or` between two parts of a query, and what has such signs between quotes",
            )
        return found

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    @property
    def _ends(self) -> bool:
        return self._next.kind == "end"

    def _taken(self) -> _Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _is(self, keyword: str) -> bool:
        return self._next.kind == "keyword" and self._next.text.lower() == keyword

    def _part(self, token: _Token) -> QueryPart:
        return QueryPart(self._text, token.start, token.end)

    def _fault(self, token: _Token, message: str, advice: str) -> UsageError:
        return self._part(token).fault(message, advice)

    def _any(self) -> Query:
        terms = [self._all()]
        while self._is("or"):
            self._taken()
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _all(self) -> Query:
        terms = [self._factor()]
        while self._is("and"):
            self._taken()
            terms.append(self._factor())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _factor(self) -> Query:
        token = self._next
        if self._depth >= DEEPEST:
            raise self._fault(
                token, f"there are more than {DEEPEST} levels of parentheses and `not`", "ask more simply"
            )
        self._depth += 1
        try:
            if self._is("not"):
                self._taken()
                return Not(self._factor())
            if token.kind == "open":
                return self._parenthesis()
            if self._is("has"):
                self._taken()
                return self._has()
            return self._comparison()
        finally:
            self._depth -= 1

    def _parenthesis(self) -> Query:
        opened = self._taken()
        found = self._any()
        if self._next.kind != "close":
            if self._ends:
                raise self._fault(opened, "this parenthesis is not closed", "close it with `)`")
            raise self._fault(
                self._next, f"`{self._next.text}` has no place here", "put `and` or `or` between two parts"
            )
        self._taken()
        return found

    def _has(self) -> Query:
        span = self._span()
        if span is None:
            raise self._fault(self._next, "`has` needs a field", "write `has power`")
        return HasField(span.text, self._field(span))

    def _comparison(self) -> Query:
        left = self._span()
        if left is None:
            token = self._next
            what = "the query ends here" if token.kind == "end" else f"`{token.text}` has no place here"
            raise self._fault(
                token, f"{what}, where a field or words are needed", f"write a comparison, {_EXAMPLE}"
            )
        if self._next.kind != "operator":
            self._refuse_operators(left)
            return Words(left.text)
        operator = self._taken()
        right = self._span()
        if right is None:
            raise self._fault(
                operator if self._ends else self._next,
                f"there is no value behind `{operator.text}`",
                "write one; one that is `and`, `or`, `not`, `has`, or has a sign of a query in it, goes into quotes",
            )
        if self._next.kind == "operator":
            raise self._fault(
                self._next,
                f"`{self._next.text}` is a second comparison of the same field",
                "write each by itself: `power > 1 W and power < 3 W`",
            )
        asked = AskedField(left.text, self._field(left), _OPERATORS[operator.text])
        return QueryComparison(*asked, read_query_value(self._part(right), right.text, asked))

    def _refuse_operators(self, span: _Token) -> None:
        """Refuse what is an operator elsewhere, so that nobody takes a search for words for a comparison.

        Raises:
            UsageError: there is one.
        """
        words = span.text.split() if span.kind == "word" else []
        for index, word in enumerate(words):
            # Behind the name of a field alone: `power: 3 W`, `power between 1 W and 3 W`, but not `speech in noise`.
            colon = word.endswith(":") and len(word) > 1
            named = " ".join((*words[:index], *([word[:-1]] if colon else [])))
            of_field = (colon or word.lower() in _OTHER_WORDS) and index + 1 < len(words)
            if word in _OTHER_SIGNS or (of_field and named and field_named(named) is not None):
                raise self._fault(
                    span,
                    f"`{':' if colon else word}` is no operator of a query",
                    "the operators are =, !=, <, <=, >, >= and ~, and `and`, `or`, `not` and `has`; "
                    "put words to look for between quotes",
                )

    def _field(self, span: _Token) -> QueryField:
        field = field_named(span.text)
        if field is None:
            raise self._part(span).fault(
                f"there is no field `{span.text[:80]}`",
                "a field is a figure (`efficiency`), a property (`task`), a metric (`F1`) or a path of the sheet "
                "(`parameters.tile.rows`; `factsheet fields` lists them)",
                candidates=names_like(span.text),
            )
        return field

    def _span(self) -> _Token | None:
        """Return the words up to the next sign of the language, as one; `None` where there are none.

        One that is quoted stands alone: its quotes are taken off.
        """
        first = self._next
        if first.kind == "quoted":
            self._taken()
            return _Token("quoted", first.text[1:-1], first.start, first.end)
        if first.kind != "word":
            return None
        last = first
        while self._next.kind in ("word", "quoted"):
            last = self._taken()
        return _Token("word", self._text[first.start : last.end], first.start, last.end)
