"""Ctrl-C while the models' validator is built."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import pytest

from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

MINIMAL = {"factsheet": 1, "overview": {"name": "Sheet", "model": "BERT-base"}}


class Interrupted:
    """A part of a field's annotation that Ctrl-C reaches while its schema is built."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        signal.raise_signal(signal.SIGINT)
        return handler(source)


def test_an_interrupt_while_the_validator_is_built_is_not_lost() -> None:
    class Sheet(SheetFields):
        extra: Annotated[int | None, Interrupted()] = None

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        Sheet.model_validate(MINIMAL)
    assert signal.getsignal(signal.SIGINT) is before
    # What was being built is whole, and the next call uses it.
    assert Sheet.model_validate(MINIMAL).overview.name.text == "Sheet"


def test_another_thread_builds_it_too() -> None:
    class Sheet(SheetFields):
        pass

    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(Sheet.model_validate(MINIMAL)))
    thread.start()
    thread.join()
    assert isinstance(found[0], Sheet)
