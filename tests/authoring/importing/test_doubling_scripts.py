"""Scripts of a few lines that ask for more than any memory holds are refused before it is made."""

from __future__ import annotations

import pytest

from factsheet.authoring.importing.analog.python_source import read_python
from factsheet.errors import UsageError

SIXTY = 60
"""Doublings: 2^60 entries would be some 10^19 bytes."""
DOUBLING = {
    "a list added to itself": "x = [1]\n" + "x.extend(x)\n" * SIXTY,
    "a list written out twice": "x = [1]\n" + "x = [*x, *x]\n" * SIXTY,
    "copies of copies": "from copy import deepcopy\nx = [1]\n" + "x = [deepcopy(x), deepcopy(x)]\n" * SIXTY,
    "a letter replaced by two": "s = 'a'\n" + "s = s.replace('a', 'aa')\n" * SIXTY,
    "a text with itself in it": "s = 'a'\n" + "s = f'{s}{s}'\n" * SIXTY,
    "loops in a comprehension": f"x = [1 {' '.join(f'for a{n} in range(50)' for n in range(6))}]\n",
}


@pytest.mark.parametrize("lines", DOUBLING.values(), ids=DOUBLING)
def test_what_doubles_is_refused_before_it_is_made(lines: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_python(lines, "recipe.py")
    assert "recipe.py makes more values than any configuration holds" in str(refused.value)
    assert "give the part with the configuration" in (refused.value.help or "")


def test_a_script_that_doubles_a_little_is_read() -> None:
    few = "from aihwkit.simulator.configs import InferenceRPUConfig\nx = [1]\n" + "x.extend(x)\n" * 10
    assert len(read_python(few + "rpu_config = InferenceRPUConfig()\n", "recipe.py").configurations) == 1
