"""The changes that are made to try the tests are those that the runner says, and what comes of each is told right."""

from __future__ import annotations

import ast
import hashlib
import os
import signal
from typing import TYPE_CHECKING

import pytest
from covering import Covering
from mutants import mutants_of, mutated, number_of
from naming import regard
from ordering import trials_of
from scores import HEADING, with_section
from trials import forked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def changed(source: str, folder: Path) -> list[str]:
    file = folder / "module.py"
    file.write_text(source, encoding="utf-8")
    mutants = mutants_of(file, folder, range(number_of(file)))
    return [ast.unparse(mutated(mutant, folder)) for mutant in mutants]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("0 <= a < b", ["0 < a < b", "0 <= a <= b", "1 <= a < b"]),
        ("a + b", ["a - b"]),
        ("'a' + b", []),
        ("not a", ["a"]),
        ("a = -2.5", ["a = 2.5", "a = -3.5"]),
        ("a = True", ["a = False"]),
        ("max(a)", ["pass", "min(a)"]),
        ("a = math.floor(b)", ["a = math.ceil(b)"]),
        ("a += 1", ["pass", "a -= 1", "a += 2"]),
        ("a[0] = b", ["pass", "a[1] = b"]),
        ("if a:\n    b = c", ["if not a:\n    b = c"]),
        ("if a in b:\n    c = d", ["if a not in b:\n    c = d"]),
        ("a = [b for b in c if d]", ["a = [b for b in c if not d]"]),
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("def f() -> 'g | h':\n    return None", []),
        ("for a in b:\n    break", ["for a in b:\n    continue"]),
        ("if TYPE_CHECKING:\n    a = 1", []),
        ("a = zip(b, c, strict=True)", []),
        ("a = isinstance(b, int | float)", []),
        ("a: 'Literal[1]' = b", []),
        ("@d(frozen=True)\nclass A:\n    pass", []),
    ],
)
def test_each_kind_of_change(source: str, expected: list[str], tmp_path: Path) -> None:
    unchanged = ast.unparse(ast.parse(source))
    found = changed(source, tmp_path)
    assert unchanged not in found
    # The first of an expression statement may be that it is left out, which is of no interest here.
    assert [text for text in found if text != "pass" or "pass" in expected] == expected


def test_a_change_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("class A:\n    def f(self, x=1):\n        return x\n", encoding="utf-8")
    first, second = mutants_of(file, tmp_path, range(9))
    # A default is worked out when the module is imported.
    assert (str(first), first.function) == ("module.py:2: 1 → 2", "")
    assert (str(second), second.function) == ("module.py:3: return x → return None", "f")


@pytest.mark.parametrize(
    ("run", "verdict"),
    [
        (lambda: True, "survived"),
        (lambda: False, "killed"),
        (lambda: 1 / 0, "killed"),
        (lambda: os.kill(os.getpid(), signal.SIGXCPU), "too slow"),
    ],
)
def test_what_comes_of_a_trial(run: Callable[[], bool], verdict: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    return x\n", encoding="utf-8")
    (mutant,) = mutants_of(file, tmp_path, range(9))

    def said(say: Callable[[str], None]) -> bool:
        say("the test")
        return run()

    outcome = forked(mutant, said)
    assert outcome.verdict == verdict
    assert outcome.test == ("" if verdict == "survived" else "the test")


def test_tests_about_the_file_come_first_and_further_cases_count_less(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("A = 1\n\ndef f():\n    x = A\n    return x\n", encoding="utf-8")
    seconds = {
        "t::passing": 0.01,
        "t::about[a]": 0.01,
        "t::about[b]": 0.01,
        "t::slow": 60.0,
        "t::other": 0.01,
    }
    lines = {"module.py": {4: (1, 2), 5: (0, 1, 2, 3)}}
    covering = Covering(seconds, lines, {})
    mutants = mutants_of(tmp_path / "module.py", tmp_path, range(9))
    of_constant, of_return = trials_of(mutants, covering, tmp_path, 9.0)
    assert [name for name, _ in of_return.tests] == ["t::about[a]", "t::about[b]", "t::passing"]
    # What there is no time for is left out; what comes after it is not.
    slow = Covering({**seconds, "t::about[b]": 2.0}, lines, {})
    _, of_return = trials_of(mutants, slow, tmp_path, 1.0)
    assert [name for name, _ in of_return.tests] == ["t::about[a]", "t::passing"]
    # The constant is read in line 4.
    assert [name for name, _ in of_constant.tests] == ["t::about[a]", "t::about[b]"]


def test_tests_that_name_the_rule_or_the_module_come_first(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text('from helper import HELP\nRULE = ("FS999", HELP)\n', encoding="utf-8")
    (tmp_path / "helper.py").write_text("def f():\n    return x\n", encoding="utf-8")
    (tmp_path / "t.py").write_text(
        "import rule\n\ndef test_a():\n    assert said('FS999')\n\ndef test_b():\n    assert said('FS998')\n",
        encoding="utf-8",
    )
    (tmp_path / "other.py").write_text("def test_c():\n    pass\n", encoding="utf-8")
    named = {"t.py::test_a[1]": 8, "t.py::test_b": 4, "other.py::test_c": 1, "other.py::test_c[FS999]": 8}
    for module in ("rule", "helper"):
        assert {name: regard(name, tmp_path / f"{module}.py", tmp_path) for name in named} == named
    seconds = dict.fromkeys(["other.py::test_c", "t.py::test_b", "t.py::test_a[1]"], 0.01)
    covering = Covering(seconds, {"helper.py": {2: (0, 1, 2)}}, {})
    (mutant,) = mutants_of(tmp_path / "helper.py", tmp_path, range(9))
    (trial,) = trials_of([mutant], covering, tmp_path, 9.0)
    assert [name for name, _ in trial.tests] == ["t.py::test_a[1]", "t.py::test_b", "other.py::test_c"]


def test_what_new_and_changed_tests_run_takes_the_place_of_what_they_ran(tmp_path: Path) -> None:
    for name in ("old", "changed", "new"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("old", "changed", "new")}
    before = Covering(
        {"changed::a": 1.0, "old::a": 2.0},
        {"m.py": {1: (0, 1), 2: (0,)}},
        {"m.py": frozenset({9})},
        {"old": digests["old"], "changed": "another"},
    )
    assert before.stale([tmp_path / name for name in digests], tmp_path) == [
        tmp_path / "changed",
        tmp_path / "new",
    ]
    newer = Covering(
        {"new::a": 3.0, "changed::a": 4.0},
        {"m.py": {2: (0,), 3: (0, 1)}},
        {},
        {name: digests[name] for name in ("new", "changed")},
    )
    both = before.with_newer(newer)
    assert both.seconds == {"old::a": 2.0, "new::a": 3.0, "changed::a": 4.0}
    assert both.lines == {"m.py": {1: (0,), 2: (1,), 3: (1, 2)}}
    assert (both.at_import, both.files) == (before.at_import, digests)
    both.save(tmp_path / "kept.json")
    assert Covering.load(tmp_path / "kept.json") == both


def test_a_section_takes_the_place_of_the_one_before() -> None:
    new = f"{HEADING}\n\nnew\n"
    assert with_section("# A\n\ntext\n", new) == f"# A\n\ntext\n\n{new}"
    between = f"# A\n\n{HEADING}\n\nold\n\n## B\n\ntext\n"
    assert with_section(between, new) == f"# A\n\n{new}\n## B\n\ntext\n"
