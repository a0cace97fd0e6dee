"""Read the Hub's `.eval_results/*.yaml`: scores that somebody submitted, each with its data set and source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.cards.card_results import evaluation_of
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import Imported, ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_text
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables
from factsheet.source.loader import load_bytes
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import ImportOptions

_FOLDER = ".eval_results"
_IN_PERCENT = re.compile(r"\bin (?:%|percent\b)")
_NO_TASK = "default"
"""What the Hub calls the only task of a data set."""


def _recognises(path: Path, head: bytes) -> bool:
    yaml = path.suffix.lower() in {".yaml", ".yml"} and bool(head)
    return yaml and (path.parent.name == _FOLDER or (head.startswith(b"- dataset:") and b"value:" in head))


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  results need none
    """Return the scores of a file. They name no metric: a table says which benchmark it is of, and whose figure it is.

    Raises:
        UsageError: it cannot be read.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    # A list has no name of its own; under a key it is read as strictly as a sheet.
    loaded = load_bytes(f"rows:\n{text.text}".encode(), text.name)
    for problem in loaded.problems:
        collected.leave(f"{text.name}:{max(problem.span.line - 1, 1)}", problem.message, problem.why)
    data = loaded.document.data if loaded.document is not None else None
    rows = data.get("rows") if isinstance(data, dict) else None
    scores: list[RawScore] = []
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        where = f"{text.name} [{number}]"
        dataset = row.get("dataset") if isinstance(row, dict) else None
        value = row.get("value") if isinstance(row, dict) else None
        figure = number_of(value)
        name = line_of(dataset.get("id")) if isinstance(dataset, dict) else line_of(dataset)
        if figure is None or name is None:
            collected.leave(where, row, "a score needs `dataset.id` and a number in `value`")
            continue
        stated = dataset if isinstance(dataset, dict) else {}
        stated = {key: one for key, one in stated.items() if (key, one) != ("task_id", _NO_TASK)}
        more = dict(evaluation_of(name, stated))
        note = line_of(row.get("notes"))
        provenance = _provenance(row)
        extra: list[tuple[str, Any]] = [*more.items()]
        extra += [("note", note)] if note else []
        extra += [("provenance", provenance)] if provenance else []
        shown = str(value if isinstance(value, str) else written(value))
        if note and _IN_PERCENT.search(note) and not shown.endswith("%"):
            shown = f"{shown} %"
        scores.append(RawScore(name, "score", figure, shown, where, row=tuple(extra)))
        if row.get("verifyToken") is not None:
            collected.leave(
                where, "verifyToken", "it says that the Hub ran the evaluation, and is checked there"
            )
    if scores:
        add_tables(collected, "Evaluation results", scores)
    return collected.imported()


def _provenance(row: dict[str, Any]) -> dict[str, str]:
    source = row.get("source")
    source = source if isinstance(source, dict) else {}
    stated = {
        "by": line_of(source.get("user")) or line_of(source.get("org")),
        "date": line_of(row.get("date")),
    }
    words = " ".join(filter(None, (line_of(source.get("name")), line_of(source.get("url")))))
    found = {key: value for key, value in stated.items() if value is not None}
    return {"source": "cited", **found, "note": words} if words else found


KIND = ImportKind("eval-results", "results of the Hugging Face Hub", _recognises, read)
