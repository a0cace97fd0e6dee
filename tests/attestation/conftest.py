"""A sheet with the declaration about it, and the keys that sign it."""

from __future__ import annotations

import pytest
from key_pairs import MOMENT, SMALL, KeyPair, ssh_key

import factsheet


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KeyPair]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: ssh_key(folder / name) for name in ("supplier", "other")}


@pytest.fixture(scope="session")
def small() -> factsheet.FactSheet:
    return factsheet.loads(SMALL)


@pytest.fixture(scope="session")
def envelope(small: factsheet.FactSheet, keys: dict[str, KeyPair]) -> bytes:
    return factsheet.attest(small, [keys["supplier"].private], name="net.yaml", moment=MOMENT)
