"""Know which tests name what a module is: its import path, or the id of the rule that it holds or serves.

Every check of a sheet runs every rule, so that the lines that a test runs do not say which rule it is about.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BY_THE_TEST, BY_ITS_FILE = 8, 4
"""What a test counts that names the module, and one whose file does, beside another."""
_RULE = re.compile(r'"(FS\d{3})"')


def regard(test: str, file: Path, root: Path) -> int:
    """Return how many times over a test counts for the mutants of a file."""
    path, _, name = test.partition("::")
    if not (root / path).exists():
        return 1
    words = _names_of(file, root)
    functions, whole = _texts(root / path)
    own = f"{name} {functions.get(name.partition('[')[0], '')}"
    if any(word in own for word in words):
        return BY_THE_TEST
    return BY_ITS_FILE if any(word in whole for word in words) else 1


@cache
def _names_of(file: Path, root: Path) -> frozenset[str]:
    """Return the module's import path, and the ids of the rules in it, or else of those beside it that import it."""
    path = ".".join(file.relative_to(root).with_suffix("").parts)
    text = file.read_text(encoding="utf-8")
    rules = _RULE.findall(text)
    if not rules:
        beside = (each.read_text(encoding="utf-8") for each in sorted(file.parent.glob("*.py")))
        rules = [rule for each in beside if f"from {path} import" in each for rule in _RULE.findall(each)]
    return frozenset({path, *rules})


@cache
def _texts(file: Path) -> tuple[dict[str, str], str]:
    """Return the text of each test function with its decorators, and of the file."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: "\n".join(
            lines[min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1 : node.end_lineno]
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }, text
