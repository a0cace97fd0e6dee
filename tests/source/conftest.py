from __future__ import annotations

import pytest
import yaml


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Load with each of the two parsers; PyYAML built without libyaml has only the second."""
    kind = str(request.param)
    if kind == "libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML is built without libyaml")
    monkeypatch.setattr("yaml.__with_libyaml__", kind == "libyaml")
    return kind
