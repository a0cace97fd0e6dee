"""Directions of metrics that a project's settings name, for sheets that do not state them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from factsheet.quantities.metrics import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.sheet.model import SheetFields

    _Sheet = TypeVar("_Sheet", bound=SheetFields)


def with_directions(sheet: _Sheet, higher_is_better: Mapping[str, bool]) -> _Sheet:
    """Return a sheet in which `higher_is_better` is filled in where it names a metric of the settings without it.

    Args:
        sheet: the sheet; it is left as it is.
        higher_is_better: by the name of the metric, in any case and spacing.
    """
    known = {plain(name): higher for name, higher in higher_is_better.items()}
    performance, robustness = sheet.performance, sheet.robustness
    changed: dict[str, object] = {}
    if known and performance is not None and performance.results:
        tables = tuple(
            table.model_copy(
                update={
                    **_filled(table.metric, table.higher_is_better, known),
                    "tasks": tuple(
                        task.model_copy(update=_filled(task.metric, task.higher_is_better, known))
                        for task in table.tasks
                    ),
                }
            )
            for table in performance.results
        )
        changed["performance"] = performance.model_copy(update={"results": tables})
    if known and robustness is not None:
        update = _filled(robustness.metric, robustness.higher_is_better, known)
        changed["robustness"] = robustness.model_copy(update=update)
    return sheet.model_copy(update=changed) if changed else sheet


def _filled(metric: str | None, stated: bool | None, known: Mapping[str, bool]) -> dict[str, object]:
    direction = known.get(plain(metric or ""))
    return {} if stated is not None or direction is None else {"higher_is_better": direction}
