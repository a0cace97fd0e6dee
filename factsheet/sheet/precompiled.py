"""The schema's validator from the data that `factsheet.sheet.precompile` wrote.

It gives the same answers as the models (a test holds the two together) at a fifth of the start-up time, because
pydantic's model machinery is never loaded. What it returns are stand-ins with the models' attributes and none of
their methods.
"""

from __future__ import annotations

import json
import signal
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaError, SchemaValidator

from factsheet.facts import kinds, plain_kinds
from factsheet.facts import section as record

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASS = "$class"
FUNCTION = "$function"
_FILE = Path(__file__).with_name("precompiled.json")
_KINDS: dict[str, Any] = {**vars(kinds), **vars(plain_kinds)}
_SLOTS = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")


@cache
def precompiled_validator() -> SchemaValidator | None:
    """The validator, or `None` where the installed pydantic-core does not understand what was written."""
    try:
        built: list[Any] = []
        for node in json.loads(_FILE.read_bytes()):
            built.append(_made({key: _linked(value, built) for key, value in node.items()}))
        with _interrupts_kept():
            return SchemaValidator(built[-1])
    except (SchemaError, OSError, ValueError, LookupError):
        return None  # the models are always there to fall back on


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Holds Ctrl-C back until the block ends: pydantic-core calls Python back in it, and would lose the exception."""
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal arrives in another thread
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        # `None` is a handler that was not set from Python, and can not be set from there.
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
    if held and callable(before):
        before(held[0], None)


def _linked(value: Any, built: list[Any]) -> Any:
    """A value with the nodes that it names in place of their names."""
    if type(value) is str and value.startswith("#"):
        return built[int(value[1:])]
    return [_linked(entry, built) for entry in value] if type(value) is list else value


def _made(node: dict[str, Any]) -> Any:
    """A class or a function where the node stands for one."""
    if CLASS in node:
        name, marker = node[CLASS]
        return type(name, (getattr(record, marker),), {"__slots__": _SLOTS, "__module__": __name__})
    if FUNCTION in node:
        kind, method, *arguments = node[FUNCTION]
        # A list is how JSON keeps the tuple that the kind was made from.
        spread = arguments[0] if arguments and isinstance(arguments[0], list) else arguments
        return getattr(_KINDS[kind](*spread), method)
    return node
