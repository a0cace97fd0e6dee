"""The kinds of source that `factsheet new` reads, in one table: the first that recognises a source is its kind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.authoring.importing.reading import HEAD, head_of
from factsheet.errors import UsageError
from factsheet.source.characters import make_safe
from factsheet.source.links import LEADS_OUT, leads_out

if TYPE_CHECKING:
    from factsheet.authoring.importing.imported import ImportKind


def kinds() -> tuple[ImportKind, ...]:
    """Return every kind, in the order in which they are tried: those that look into files before names alone."""
    # Readers are loaded where one is asked for.
    from factsheet.authoring.importing import (
        answers,
        codecarbon,
        harness,
        network,
        rpu_config,
        simulation,
        trainer,
    )
    from factsheet.authoring.importing.bills import cyclonedx, spdx
    from factsheet.authoring.importing.cards import card, eval_results
    from factsheet.authoring.importing.data_sets import croissant
    from factsheet.authoring.importing.tables import results_table

    return (
        codecarbon.KIND,
        trainer.KIND,
        rpu_config.KIND,
        cyclonedx.KIND,
        spdx.KIND,
        croissant.KIND,
        croissant.TESTED,
        harness.KIND,
        eval_results.KIND,
        answers.KIND,
        card.KIND,
        simulation.KIND,
        results_table.KIND,
        network.KIND,
    )


def recognise(path: Path) -> ImportKind | None:
    """Return the kind of source at a path; `None` where it is none that is read. At most 64 KiB are looked at."""
    head = head_of(path)
    return next((kind for kind in kinds() if kind.recognises(path, head)), None)


def recognise_text(text: str) -> ImportKind | None:
    """Return the kind of source that a text without a name is, such as one from a pipe; `None` where it is none."""
    head = text.lstrip("\ufeff").encode()[:HEAD]
    for suffix, looks in _LOOKS.items():
        if re.search(looks, head):
            unnamed = Path(f"-{suffix}")
            # Of networks, a configuration alone is text.
            tried = [kind for kind in kinds() if kind.name != "model" or suffix == ".json"]
            return next((kind for kind in tried if kind.recognises(unnamed, head)), None)
    return None


_LOOKS = {
    ".json": rb"\A\s*\{",
    ".xml": rb"\A\s*<",
    ".py": rb"(?m)^(?:from [\w.]+ )?import \w",
    ".md": rb"(?s)\A---\r?\n.*?\r?\n---\r?\n\s*\S|\A# [^\r\n]+\r?\n\s*(?:[^#\s][^:\n]*\n|##? )",
    ".csv": rb"\A[^#\n:][^\n:]*[,;\t][^\n:]*\n(?:(?!: )[^\n])+[,;\t]",
    ".yaml": rb"(?m)^(?:- )?[\w]+:",
}
"""What the beginning of a text looks like that a file of this ending has, the surest first."""


def kind_of(source: str) -> tuple[ImportKind, str]:
    """Return the kind of a source as a command line names it, `FILE` or `KIND=FILE`, and the source.

    Raises:
        UsageError: it is none that is read.
    """
    named, sign, rest = source.partition("=")
    by_name = {kind.name: kind for kind in kinds()}
    if sign and named in by_name and not Path(source).exists():
        return by_name[named], rest
    if leads_out(source):
        raise UsageError(f"{make_safe(source)} is not read: {LEADS_OUT}")
    _refuse_tables_of_our_own(Path(source))
    found, there = recognise(Path(source)), Path(source).exists()
    if found is None or (found.name == "model" and not there and ":" not in source):
        raise UsageError(
            f"{make_safe(source)[:200]} "
            + ("is nothing that facts are read from" if there else "does not exist"),
            f"a sheet is begun from {', '.join(kind.words for kind in by_name.values())}",
            f"name its kind, `KIND={make_safe(source)[:80]}`: {', '.join(by_name)}"
            if there
            else "correct the name",
        )
    return found, source


_OWN_TABLES = (rb'\A\s*\{\s*"schema":\s*"factsheet\.export/', rb"\Apath,value,unit,low,high,text,absent,")
"""How `factsheet export --to json` and `--to csv` begin, which are for other programs."""


def _is_own_table(path: Path) -> bool:
    head = head_of(path).removeprefix(b"\xef\xbb\xbf")
    return any(re.search(begins, head) for begins in _OWN_TABLES)


def _refuse_tables_of_our_own(path: Path) -> None:
    if _is_own_table(path):
        raise UsageError(
            f"{make_safe(str(path))[:200]} is an export for other programs, in SI units, and is not read back",
            "the sheet that it was made from says the same, as it was written",
            "give that sheet; an export that is read back whole is one `--to cyclonedx` or `--to spdx`",
        )


def sources_in(source: str) -> tuple[str, ...]:
    """Return what a source stands for: a folder for the card, the results and the configuration that it holds."""
    folder = Path(source)
    if not folder.is_dir():
        return (source,)
    files = [folder / "README.md", *sorted(folder.glob(".eval_results/*.y*ml"))]
    files += [
        file
        for file in sorted(folder.iterdir())
        if file.suffix in {".json", ".csv", ".tsv"} and file.is_file()
    ]
    found = [str(file) for file in files[:_MOST_FILES] if file.is_file() and _is_of_run(file)]
    return (*found, source) if recognise(folder) is not None or not found else tuple(found)


def _is_of_run(file: Path) -> bool:
    kind = recognise(file)
    return kind is not None and kind.name not in {"model", "answers", "sheet"} and not _is_own_table(file)


_MOST_FILES = 200
"""Of a folder."""
