"""`validate --baseline`: leave out the findings that a repository already had, and write them down."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from factsheet.cli.terminal import complain
from factsheet.errors import UsageError
from factsheet.reports.baseline import Baseline, read_baseline
from factsheet.reports.text import one_line
from factsheet.source.writing import replace_text, write_new

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document


class KnownFindings:
    """The baseline of a run: what it lists is left out, or what is found becomes the baseline."""

    def __init__(self, baseline: Baseline, *, writing: bool) -> None:
        self.baseline = baseline
        self.writing = writing
        self.gone = 0
        self.found: list[tuple[str, tuple[Diagnostic, ...], Document | None]] = []

    def new(
        self, name: str, diagnostics: tuple[Diagnostic, ...], document: Document | None
    ) -> tuple[Diagnostic, ...]:
        """Return the findings of a sheet that the baseline does not list; none while it is written."""
        if self.writing:
            self.found.append((name, diagnostics, document if diagnostics else None))
            return ()
        compared = self.baseline.compare(name, diagnostics, document)
        self.gone += compared.gone
        return compared.new

    def close(self, *, known: int, complete: bool, shown: bool) -> None:
        """Write the baseline, or say which of its findings are left out, and which are gone.

        Args:
            known: how many findings were left out.
            complete: whether every sheet could be read.
            shown: whether the report on standard output says how many were left out.

        Raises:
            WriteError: it cannot be written.
        """
        file = one_line(str(self.baseline.file))
        if not self.writing:
            if known and not shown:
                listed = "finding that it lists is" if known == 1 else "findings that it lists are"
                complain(f"factsheet: {file}: {known:,} {listed} left out")
            if self.gone:
                complain(
                    f"factsheet: {file}: {self.gone:,} of its findings {'is' if self.gone == 1 else 'are'} gone;"
                    " `--update-baseline` takes them off the list"
                )
            return
        if not complete:
            complain(f"factsheet: {file}: not written, because not every sheet could be read")
            return
        from factsheet._version import __version__

        text = self.baseline.updated(self.found, __version__)
        if self.baseline.text is None:
            write_new(self.baseline.file, text, "the file was made while sheets were checked")
        else:
            replace_text(self.baseline.file, self.baseline.text, text)
        complain(
            f"factsheet: {file}: written, with {known:,} finding{'' if known == 1 else 's'};"
            " commit it, and a check fails on new ones alone"
        )


def open_known_findings(file: Path, *, update: bool) -> KnownFindings:
    """Read a baseline; where there is none yet, the run writes it.

    Args:
        file: the baseline.
        update: whether what is found now is to replace what it lists.

    Raises:
        UsageError: there is none, on a CI server, where a check would pass whatever it finds.
        ConfigurationError: it cannot be read.
    """
    try:
        return KnownFindings(read_baseline(file), writing=update)
    except FileNotFoundError:
        if not update and os.environ.get("CI", "").lower() not in {"", "0", "false"}:
            raise UsageError(
                "there is no such baseline",
                "on a CI server (the variable CI is set) a first run would pass whatever it finds",
                "write it where you work, with the same command, and commit it",
                place=one_line(str(file)),
            ) from None
    return KnownFindings(Baseline(file), writing=True)
