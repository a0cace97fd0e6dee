"""Write the reference of the Python package from its source: every public name with its signature and docstring.

Nothing is imported, so that it is the same for every Python and whatever is installed:
`python docs/site/api_reference.py docs/api-reference.md`.
"""

from __future__ import annotations

import argparse
import ast
import re
from functools import cache
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
PACKAGE = "factsheet"
SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises")
ENTRY = re.compile(r"^(?P<name>[\w.*]+): (?P<text>.*)$")
WIDEST = 100
"""Columns that a signature takes in one line."""
INTRODUCTION = (
    "Every public name, as `import factsheet` has it; [api.md](api.md) shows how they are used together. Names that "
    "this page does not list may change without notice. This page is made by "
    "`python docs/site/api_reference.py docs/api-reference.md`."
)

Definition = ast.ClassDef | ast.FunctionDef


@cache
def tree(module: str) -> ast.Module:
    """Return the source of a module of the package."""
    path = ROOT / PACKAGE / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def homes() -> dict[str, str]:
    """Return where each public name is defined, `module:name`, as the package itself looks it up."""
    for node in tree("").body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "_HOMES"
        ):
            found: dict[str, str] = ast.literal_eval(node.value)
            return found
    raise LookupError(f"{PACKAGE}/__init__.py: no table `_HOMES`")


def definition(place: str) -> Definition:
    """Return the class or function of this place, `module:name`."""
    module, _, name = place.partition(":")
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node
    raise LookupError(f"{PACKAGE}/{module}: no definition of `{name}`")


def reference() -> str:
    """Return the page."""
    parts = ["# Python reference", INTRODUCTION]
    for name, place in sorted(homes().items(), key=lambda item: item[0].lower()):
        node = definition(place)
        parts += [f"## factsheet.{name}", *described(node, name, f"{PACKAGE}.")]
        if isinstance(node, ast.ClassDef):
            for method in public_methods(node):
                parts += [f"### {name}.{method.name}", *described(method, method.name, "sheet.", bound=True)]
    parts += ["## factsheet.errors", *errors()]
    return "\n\n".join(part for part in parts if part) + "\n"


def errors() -> list[str]:
    """Return the tree of errors as the module draws it."""
    text = ast.get_docstring(tree("errors")) or ""
    parts = []
    for paragraph in text.split("\n\n"):
        drawn = paragraph.startswith(" ") or "─" in paragraph or "\n    " in paragraph
        parts.append(f"```text\n{dedent(paragraph)}\n```" if drawn else paragraph)
    return parts


def public_methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the methods that a user calls, in the order of the source."""
    return [
        method
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and not method.name.startswith(("_", "model_post"))
        and not any("validator" in ast.unparse(mark) for mark in method.decorator_list)
    ]


def described(node: Definition, name: str, before: str, *, bound: bool = False) -> list[str]:
    """Return a name's signature and the parts of its docstring, in Markdown."""
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    signature = []
    if isinstance(node, ast.FunctionDef):
        if "classmethod" in marks:
            before = "FactSheet."
        shown = f"{before}{name}" if "property" in marks else call(node, f"{before}{name}", bound=bound)
        signature = [f"```text\n{shown}\n```"]
    return [*signature, *docstring(ast.get_docstring(node) or "")]


def call(node: ast.FunctionDef, name: str, *, bound: bool) -> str:
    """Return a signature: in one line where it fits, else a line for each parameter."""
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    words = [parameter(one, default) for one, default in zip(positional, defaults, strict=True)][bound:]
    if given.vararg:
        words.append(f"*{parameter(given.vararg, None)}")
    elif given.kwonlyargs:
        words.append("*")
    words += [
        parameter(one, default) for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    if given.kwarg:
        words.append(f"**{parameter(given.kwarg, None)}")
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{name}({', '.join(words)}){result}"
    if len(line) <= WIDEST:
        return line
    return "\n".join([f"{name}(", *(f"    {word}," for word in words), f"){result}"])


def parameter(node: ast.arg, default: ast.expr | None) -> str:
    """Return a parameter as it is declared."""
    kind = f": {ast.unparse(node.annotation)}" if node.annotation else ""
    if default is None:
        return f"{node.arg}{kind}"
    return f"{node.arg}{kind} = {ast.unparse(default)}" if kind else f"{node.arg}={ast.unparse(default)}"


def docstring(text: str) -> list[str]:
    """Return a docstring's paragraphs, and its sections as lists."""
    parts: list[str] = []
    for paragraph in text.split("\n\n"):
        head, _, rest = paragraph.partition("\n")
        if head.removesuffix(":") in SECTIONS and head.endswith(":"):
            parts += [head, section(dedent(rest))]
        else:
            parts.append(paragraph)
    return parts


def section(text: str) -> str:
    """Return the entries of a section as a list; text that names none stays as it is."""
    joined = re.sub(r"\n +", " ", text)
    matches = [ENTRY.match(line) for line in joined.splitlines()]
    if not all(matches):
        return " ".join(joined.split())
    return "\n".join(f"- `{match['name']}`: {match['text']}" for match in matches if match)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the reference of the Python package.")
    parser.add_argument("page", type=Path, help="docs/api-reference.md")
    parser.parse_args().page.write_text(reference(), encoding="utf-8", newline="\n")
