"""Do something at any one moment of a run: between every two instructions of the modules that are watched.

A signal is handled, and another process gets its turn, between two instructions of Python or within a system call;
what a run leaves when it is killed at a moment is what is on the disk at that moment.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, ModuleType

_TOOL = 4
"""A number of `sys.monitoring` that no debugger, profiler or measurer of coverage takes."""


class Watched:
    """Within the block, calls with the number of the moment; what the call raises is raised there."""

    def __init__(self, modules: tuple[ModuleType, ...], act: Callable[[int], object]) -> None:
        self.number = 0
        self._files = {module.__file__ for module in (*modules, contextlib)}
        self._act = act
        self._before: Any = None

    # Since Python 3.12, a trace function is told of instructions from the second call of a function on, or later.
    if sys.version_info >= (3, 12):

        def __enter__(self) -> Self:
            events = sys.monitoring.events.INSTRUCTION
            sys.monitoring.use_tool_id(_TOOL, "moments")
            sys.monitoring.register_callback(_TOOL, events, self._instruction)
            sys.monitoring.restart_events()
            sys.monitoring.set_events(_TOOL, events)
            return self

        def __exit__(self, *_: object) -> None:
            sys.monitoring.set_events(_TOOL, 0)
            sys.monitoring.register_callback(_TOOL, sys.monitoring.events.INSTRUCTION, None)
            sys.monitoring.free_tool_id(_TOOL)

        def _instruction(self, code: CodeType, _offset: int) -> Any:
            if code.co_filename not in self._files:
                return sys.monitoring.DISABLE
            self.number += 1
            self._act(self.number - 1)
            return None

    else:

        def __enter__(self) -> Self:
            self._before = sys.gettrace()
            sys.settrace(self._enter)
            return self

        def __exit__(self, *_: object) -> None:
            sys.settrace(self._before)

    def _enter(self, frame: FrameType, _event: str, _: object) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._at_moment

    def _at_moment(self, _frame: FrameType, event: str, _: object) -> Any:
        if event == "opcode":
            self.number += 1
            self._act(self.number - 1)
        return self._at_moment


def telling_moments(
    modules: tuple[ModuleType, ...], run: Callable[[], object], look: Callable[[], object]
) -> list[int]:
    """Return the moments around each change of what is looked at, and a few others; all of them for `nox -s kill`.

    Args:
        modules: those whose instructions are moments.
        run: what is run, once to load what it loads, and once to see where something changes.
        look: what is on the disk.
    """
    run()
    seen = [look()]
    changes = []

    def note(number: int) -> None:
        now = look()
        if now != seen[-1]:
            seen.append(now)
            changes.append(number)

    with Watched(modules, note) as watched:
        run()
    every = range(watched.number)
    if os.environ.get("FACTSHEET_EVERY_MOMENT"):
        return list(every)
    others = random.Random(2026).sample(every, min(12, len(every)))  # noqa: S311  the moments of a test
    around = {moment + step for moment in changes for step in range(-2, 3)}
    return sorted((around | set(others)) & set(every))
