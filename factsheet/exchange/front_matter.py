"""Complete the front matter of a model card: keys of the sheet are added or updated, what a person wrote stays.

The text is edited, never written anew, so that comments, order and spelling of everything else are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.cards.own_block import short_digest
from factsheet.errors import NoPlaceError, UnwritableDataError, UsageError
from factsheet.exchange.exported import KeptAnswer
from factsheet.quantities.metrics import plain
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_block
from factsheet.source.editing import apply_edits, put, put_item, removal, value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.source.document import Document, KeyPath

INDEX: Final = "model-index"
_NAME: Final = "model-index.name"
_LISTS: Final = ("language", "base_model", "tags", "datasets")
"""Keys to whose lists a sheet adds."""
_LICENCE: Final = ("license", "license_name", "license_link")
_WHERE: Final = "front matter"


class FrontMatter:
    """The front matter of a card while it is completed.

    Attributes:
        text: as it is so far.
        written: digests of what is the program's own in it, by key.
        kept: what a person wrote otherwise.
    """

    def __init__(self, text: str, written: Mapping[str, frozenset[str]]) -> None:
        self.text = text
        self._before = written
        self.written: dict[str, frozenset[str]] = {}
        self.kept: list[KeptAnswer] = []
        self.data: dict[str, Any] = {}
        self._read()

    def _read(self) -> Document | None:
        """Read the text, and return it with its places; `None` where it holds nothing."""
        loaded = load_bytes(self.text.encode(), _WHERE)
        fault = next((one for one in loaded.problems if one.code == "duplicate-key"), None)
        empty = [one.code for one in loaded.problems] == ["empty-document"]
        document = loaded.document
        if document is not None and isinstance(document.data, dict) and fault is None:
            self.data = document.data
            return document
        if empty:
            self.data = {}
            return None
        problem = fault or (loaded.problems[0] if loaded.problems else None)
        raise UsageError(
            f"its front matter cannot be edited: {problem.message if problem else 'it is no mapping'}",
            "keys are put into it one by one, and all else has to stay as it is",
            "correct it, or export the card to a file of its own with `-o`",
            place="--into" if problem is None else f"--into, line {problem.span.line + 2}",
        )

    def complete(self, ours: Mapping[str, Any]) -> None:
        """Add what a sheet says, update what it said before, and leave what a person wrote."""
        self._licence({key: ours[key] for key in _LICENCE if key in ours})
        for key, value in ours.items():
            if key in _LISTS:
                self._list(key, value)
            elif key not in _LICENCE and key != INDEX:
                self._scalar((key,), value)
        self._index(ours.get(INDEX))
        for key in self._before:
            if key not in ours and key not in {INDEX, _NAME, *_LICENCE}:
                self._forget(key)

    def _licence(self, ours: Mapping[str, str]) -> None:
        """Put the licence, its name and its address together: one of these beside another's is none."""
        theirs = {key: self.data[key] for key in _LICENCE if self.data.get(key) not in (None, "")}
        foreign = [key for key, value in theirs.items() if not self._is_ours(key, value)]
        if any(key in ours and theirs[key] != ours[key] for key in foreign) or (
            "license_name" in foreign and "license_name" not in ours
        ):
            for key in ours:
                if theirs.get(key) != ours[key]:
                    self.kept.append(KeptAnswer((key,), theirs.get(key), ours[key]))
            return
        for key in _LICENCE:
            if key in ours:
                self._scalar((key,), ours[key])
            elif key not in foreign:
                self._forget(key)

    def _is_ours(self, key: str, value: object) -> bool:
        return short_digest(value) in self._before.get(key, ())

    def _scalar(self, path: KeyPath, value: Any, key: str = "") -> None:
        """Put one value, unless a person wrote another one there."""
        key, theirs = key or str(path[0]), value_at(self.data, path)
        owned = theirs in (None, "") or self._is_ours(key, theirs)
        if theirs != value and not owned:
            self.kept.append(KeptAnswer(path, theirs, value))
            return
        if theirs != value:
            self._put(path, value)
        if owned:
            self.written[key] = frozenset({short_digest(value)})

    def _forget(self, key: str) -> None:
        """Take out what the sheet once said and does not say any more, where nobody has changed it."""
        theirs = self.data.get(key)
        if key in _LISTS:
            if key in self.data:
                self._list(key, [])
        elif theirs is not None and self._is_ours(key, theirs):
            self._take_out((key,))

    def _list(self, key: str, ours: list[Any]) -> None:
        """Add items to a list, which may be a single one without brackets."""
        stated = self.data.get(key)
        theirs = list(stated) if isinstance(stated, list) else [] if stated in (None, "") else [stated]
        persons = [one for one in theirs if not self._is_ours(key, one)]
        known = {str(one).casefold() for one in persons}
        added = [one for one in ours if str(one).casefold() not in known]
        self.written[key] = frozenset(map(short_digest, added))
        if isinstance(stated, list) and stated:
            self._items((key,), added)
        elif added:
            new = [*persons, *added]
            if new != theirs:
                self._put((key,), new)
        elif theirs and not persons:
            self._take_out((key,))

    def _items(self, path: KeyPath, added: list[Any]) -> None:
        """Make the program's own items of a list those given; the others stay where they are."""
        key, wanted = str(path[0]), {short_digest(one) for one in added}
        rows = value_at(self.data, path)
        stale = [
            number
            for number, one in enumerate(rows)
            if self._is_ours(key, one) and short_digest(one) not in wanted
        ]
        there = {short_digest(one) for one in rows}
        new = [one for one in added if short_digest(one) not in there]
        if len(stale) == len(rows) and not new:
            self._take_out((key,))
            return
        if len(stale) == len(rows):
            self._put(path, new)
            return
        for number in reversed(stale):
            self._take_out((*path, number))
        for one in new:
            self._append(path, one)

    def _index(self, ours: list[Any] | None) -> None:
        """Add results to those of the card; of a metric that it has with another value, the card's stays."""
        mine = ours[0] if ours else {"results": []}
        models = self.data.get(INDEX)
        if models in (None, [], ""):
            if ours:
                self._put((INDEX,), ours)
                self.written[INDEX] = frozenset(map(short_digest, mine["results"]))
                self.written[_NAME] = frozenset({short_digest(mine["name"])})
            return
        number = self._model_in(models, mine.get("name"))
        results = None if number is None else models[number].get("results")
        if number is None or not isinstance(results, list) or not results:
            if ours:
                self.kept.append(KeptAnswer((INDEX,), models, "results of the sheet"))
            return
        persons = [one for one in results if not self._is_ours(INDEX, one)]
        added = [one for result in mine["results"] for one in self._new_metrics(result, persons, number)]
        self.written[INDEX] = frozenset(map(short_digest, added))
        self._items((INDEX, number, "results"), added)
        if ours and INDEX in self.data and models[number].get("name") != mine["name"]:
            self._scalar((INDEX, number, "name"), mine["name"], _NAME)
        elif _NAME in self._before and INDEX in self.data:
            self.written[_NAME] = self._before[_NAME]

    def _model_in(self, models: object, name: object) -> int | None:
        """Return the number of the model that a sheet's results belong to."""
        rows = models if isinstance(models, list) else []
        named = [n for n, one in enumerate(rows) if isinstance(one, dict) and one.get("name") == name]
        return named[0] if named else 0 if len(rows) == 1 and isinstance(rows[0], dict) else None

    def _new_metrics(self, result: dict[str, Any], persons: list[Any], number: int) -> list[dict[str, Any]]:
        """Return a result with the metrics that the card has not; nothing where it has all."""
        new = []
        for metric in result["metrics"]:
            there = [one for other in persons for one in _same_metrics(result, metric, other)]
            if not there:
                new.append(metric)
            elif all(one.get("value") != metric["value"] for one in there):
                path: KeyPath = (INDEX, number, result["dataset"]["name"], metric["name"])
                self.kept.append(KeptAnswer(path, there[0].get("value"), metric["value"]))
        return [{**result, "metrics": new}] if new else []

    def _put(self, path: KeyPath, value: Any) -> None:
        if not self.data:
            ending = "" if not self.text or self.text.endswith("\n") else "\n"
            lines = "\r\n" if "\r\n" in self.text else "\n"
            self.text += ending + dump_block({str(path[0]): value}, line_break=lines)
            self._read()
            return
        self._edited(path, lambda text: put(text, path, value))

    def _append(self, path: KeyPath, one: Any) -> None:
        self._edited(path, lambda text: put_item(text, path, one, same=lambda _: False))

    def _take_out(self, path: KeyPath) -> None:
        def without(text: str) -> str:
            document = self._read()
            edit = None if document is None else removal(document, path)
            if edit is None:
                raise NoPlaceError(f"`{dotted(path)}` cannot be taken out of the text the way it is written")
            return apply_edits(text, [edit])

        self._edited(path, without)

    def _edited(self, path: KeyPath, edit: Callable[[str], str]) -> None:
        try:
            self.text = edit(self.text)
        except (NoPlaceError, UnwritableDataError) as error:
            raise UsageError(
                f"`{dotted(path)}` of its front matter cannot be edited: {error.message}",
                "all else in the card has to stay as it is",
                "write this key with its value on lines of its own, or export the card to a file of its own",
                place="--into",
            ) from None
        self._read()


def _same_metrics(result: dict[str, Any], metric: dict[str, Any], other: object) -> list[dict[str, Any]]:
    """Return the metrics of another result that are this one: of the same data, by the same name."""
    dataset = other.get("dataset") if isinstance(other, dict) else None
    metrics = other.get("metrics") if isinstance(other, dict) else None
    if not isinstance(dataset, dict) or not isinstance(metrics, list):
        return []
    own = result["dataset"]
    apart = [
        key
        for key in ("config", "split", "revision")
        if own.get(key) and dataset.get(key) and own[key] != dataset[key]
    ]
    if dataset.get("type") != own["type"] or apart:
        return []
    return [
        one
        for one in metrics
        if isinstance(one, dict)
        and plain(str(one.get("type"))) == plain(metric["type"])
        and _called(one) in {_called(metric), plain(metric["type"])}
    ]


def _called(metric: dict[str, Any]) -> str:
    return plain(str(metric.get("name") or metric.get("type")))
