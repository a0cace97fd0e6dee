"""Find the small changes that can be made to a module, and make one of them.

What is changed: arithmetic, comparisons, `and` and `or`, `not`, signs, numbers, `True` and `False`, conditions, what
a function returns, statements that only act, `break` and `continue`, and the pairs min and max, any and all, floor
and ceil. Words are left alone, since they decide no figure, and so are annotations, decorators and what only a type
checker reads. No change is made that another one at the same place amounts to.
"""

from __future__ import annotations

import ast
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
ONLY_FOR_TYPES = {"cast", "TypeVar", "NewType", "assert_never", "isinstance", "issubclass"}


@dataclass(frozen=True)
class Mutant:
    """One small change to a module.

    Attributes:
        file: The module's file, relative to the root.
        index: The position among the changes that the module allows.
        line: Where the change is.
        lines: The first and the last line of the code that runs it, for a statement that Python counts as one line.
        change: What is written there now, and what instead.
        function: The function, with its class, that it is in; empty for code that runs on import.
    """

    file: str
    index: int
    line: int
    lines: tuple[int, int]
    change: str
    function: str

    def __str__(self) -> str:
        """Return place and change in one line."""
        return f"{self.file}:{self.line}: {self.change}"


@dataclass(frozen=True)
class Site:
    """A place in a syntax tree and what may be put there."""

    owner: ast.AST
    field: str
    position: int | None
    new: ast.AST
    lines: tuple[int, int]
    function: str
    label: str = ""

    @property
    def old(self) -> ast.expr | ast.stmt:
        """Return what the tree holds there."""
        value = getattr(self.owner, self.field)
        held = value if self.position is None else value[self.position]
        assert isinstance(held, ast.expr | ast.stmt)
        return held

    def put(self) -> None:
        """Change the tree."""
        new = ast.fix_missing_locations(ast.copy_location(self.new, self.old))
        if self.position is None:
            setattr(self.owner, self.field, new)
        else:
            getattr(self.owner, self.field)[self.position] = new


def number_of(file: Path) -> int:
    """Return how many changes a module allows."""
    return sum(1 for _ in _sites(ast.parse(_text(file))))


def mutants_of(file: Path, root: Path, among: Container[int]) -> list[Mutant]:
    """Return the changes that a module allows, in the order of its text: those whose positions are wanted."""
    name = file.relative_to(root).as_posix()
    return [
        Mutant(name, index, site.old.lineno, site.lines, _described(site), site.function)
        for index, site in enumerate(_sites(ast.parse(_text(file))))
        if index in among
    ]


def mutated(mutant: Mutant, root: Path) -> ast.Module:
    """Return the module's syntax tree with the change made; lines and columns are those of the original."""
    tree = ast.parse(_text(root / mutant.file))
    next(site for index, site in enumerate(_sites(tree)) if index == mutant.index).put()
    return tree


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _described(site: Site) -> str:
    if site.label:
        return f"{_short(site.old)}: {site.label}"
    return f"{_short(site.old)} → {_short(site.new)}"


def _short(node: ast.AST, longest: int = 70) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _sites(tree: ast.Module) -> Iterator[Site]:
    return _Walk().below(tree, (0, 0), "")


class _Walk:
    """Goes through a module in the order of its text and says what may be changed."""

    def below(self, node: ast.AST, lines: tuple[int, int], function: str) -> Iterator[Site]:
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns", "decorator_list", "type_params"} or _for_types(node, field):
                continue
            # Defaults are worked out where the function is defined.
            inside = _named(node, function) if field == "body" else function
            several = isinstance(value, list)
            for position, child in enumerate(value if several else [value]):
                if isinstance(child, ast.AST) and not _left_alone(child):
                    place = _lines(child, lines)
                    for new, label in _changes(child, node, field):
                        yield Site(node, field, position if several else None, new, place, inside, label)
                    yield from self.below(child, place, inside)


def _named(node: ast.AST, function: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"{function}.{node.name}".lstrip(".")
    if isinstance(node, ast.Lambda):
        return f"{function}.<lambda>".lstrip(".")
    return function


def _lines(node: ast.AST, lines: tuple[int, int]) -> tuple[int, int]:
    """Return the lines of the innermost statement without a body, or of a condition."""
    if isinstance(node, ast.stmt) and not hasattr(node, "body"):
        return node.lineno, node.end_lineno or node.lineno
    if isinstance(node, ast.stmt):
        return node.lineno, node.lineno
    if isinstance(node, ast.expr) and lines[1] <= node.lineno:
        return node.lineno, max(lines[1], node.end_lineno or node.lineno)
    return lines


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ONLY_FOR_TYPES:
        return node.func.id not in {"isinstance", "issubclass"}
    # Two sequences of one length, which is what `strict` is there to guarantee.
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _for_types(node: ast.AST, field: str) -> bool:
    """Return True for the types that `isinstance` takes, whose `|` computes nothing."""
    return (
        field == "args"
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"isinstance", "issubclass"}
    )


def _changes(node: ast.AST, owner: ast.AST, field: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may be written instead of a node, with a word for it where both sides do not say it."""
    if isinstance(node, ast.expr):
        for new in _other_values(node):
            yield new, ""
    elif _only_acts(node):
        yield ast.Pass(), "left out"
    match node:
        case ast.AugAssign() if type(node.op) in ARITHMETIC and not _is_text(node.value):
            yield _with(node, op=ARITHMETIC[type(node.op)]()), ""
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None)), ""
        case ast.Break() | ast.Continue():
            yield ast.Continue() if isinstance(node, ast.Break) else ast.Break(), ""
    is_condition = field == "test" or (field == "ifs" and isinstance(owner, ast.comprehension))
    if (
        is_condition
        and isinstance(node, ast.expr)
        and not isinstance(owner, ast.Assert)
        and not _negated_anyway(node)
    ):
        yield ast.UnaryOp(ast.Not(), node), ""


def _other_values(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _compared_otherwise(node)
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _joins(node):
            yield _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield _with(node, func=ast.Name(CALLS[name], ast.Load()))
        case ast.Call(func=ast.Attribute(attr=name)) if name in CALLS:
            yield _with(node, func=_with(node.func, attr=CALLS[name]))


def _compared_otherwise(node: ast.Compare) -> Iterator[ast.Compare]:
    for position, operator in enumerate(node.ops):
        new = copy(node)
        new.ops = [*node.ops[:position], COMPARISONS[type(operator)](), *node.ops[position + 1 :]]
        yield new


def _only_acts(node: ast.AST) -> bool:
    """Return True for a statement that another can do without: it gives no name a value."""
    match node:
        case ast.AugAssign() | ast.Raise() | ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            return True
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            return True
    return False


def _with(node: ast.AST, **fields: ast.AST | str) -> ast.AST:
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _negated_anyway(node: ast.AST) -> bool:
    """Return True where another change already turns the condition into its opposite."""
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and not isinstance(node.ops[0], BOUNDS)
    return isinstance(node, ast.UnaryOp | ast.Constant)


def _joins(node: ast.BinOp) -> bool:
    """Return True for what puts texts or sequences together, and for a union of types."""
    sides = (node.left, node.right)
    if isinstance(node.op, ast.BitOr):
        return any(isinstance(side, ast.Constant) and side.value is None for side in sides)
    return any(_is_text(side) for side in sides)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)
