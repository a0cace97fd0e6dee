"""Ctrl-C while the validator is built."""

from __future__ import annotations

import signal
import threading

import pytest

from factsheet.sheet import precompiled


def test_an_interrupt_while_the_validator_is_built_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(schema: object) -> str:
        signal.raise_signal(signal.SIGINT)  # where pydantic-core would swallow what it raises
        built.append("whole")
        return "validator"

    monkeypatch.setattr(precompiled, "SchemaValidator", build)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        precompiled.precompiled_validator.__wrapped__()
    assert built == ["whole"]
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_builds_it_too() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(precompiled.precompiled_validator.__wrapped__()))
    thread.start()
    thread.join()
    assert found[0] is not None
