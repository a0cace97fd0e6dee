"""Change a text, a tree of data or a table at random: where its format gives it a meaning, and where it does not."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

TOKENS: tuple[bytes, ...] = (
    *(
        b": ",
        b":",
        b"- ",
        b"? ",
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b"'",
        b'"',
        b"|\n",
        b">\n",
        b"|2-\n",
        b"#",
        b" #",
    ),
    *(
        b"\\",
        b"%TAG ! x\n",
        b"&a ",
        b"*a",
        b"!t ",
        b"!!str ",
        b"!<x> ",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
    ),
    *(
        b"~",
        b"yes",
        b"017",
        b".nan",
        b"1e999",
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b" ",
        b"  ",
        b"\n  ",
        b"\0",
        b"\x1b",
    ),
    *(b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff", b"\xf0\x9f\x98\x80", b"\xc3\xa9"),
    *(
        b"\xed\xa0\x80",
        b'"\\x1b"',
        b'"\\ud800"',
        b'"\\U00110000"',
        b"[" * 30,
        b"- " * 30,
        b"1" * 50,
        b"|",
        b"=",
    ),
)
"""What means something to YAML, TOML, JSON, CSV or Markdown, or is no text at all."""
SPLIT = re.compile(rb"\w+|\s+|[^\w\s]")

NUMBERS: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2,
        3,
        7,
        255,
        512,
        2**31 - 1,
        2**31,
        2**53 + 1,
        2**63 - 1,
        2**63,
        2**64,
        -(2**63),
        10**12,
        10**18,
    ),
    *(10**40, 10**400, 0.0, -0.0, 0.5, -2.5, 1e-308, 5e-324, 1e300, 1e308, -1e308),
)
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        "",
        " ",
        "x",
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "a b",
        "a\nb",
        "\x1b[31m",
        "\u202eabc",
    ),
    *(
        "=1+1",
        "@x",
        "../../x",
        "/dev/null",
        "a" * 3000,
        "\ud800",
        "é" * 9,
        "数据",
        [],
        {},
        [[]],
        [None],
        [0],
        [-1, 3],
    ),
    *([10**18, 10**18], ["x"], {"x": 1}, {"": ""}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
)
"""Values of another kind than whatever stood in a place."""


def by_bytes(text: bytes, _others: Sequence[bytes], dice: random.Random) -> bytes:
    """Overwrite, insert or delete a byte, or cut the text short."""
    at = dice.randint(0, len(text))
    new = bytes((dice.randrange(256),))
    kinds = (text[:at] + new + text[at + 1 :], text[:at] + new + text[at:], text[:at] + text[at + 1 :])
    return text[:at] if dice.random() < 0.1 else dice.choice(kinds)


def by_lines(text: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Delete, repeat, swap or indent a line, or bring one in from another text."""
    lines = text.splitlines(keepends=True) or [b""]
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            indent = dice.choice((b" ", b"  ", b"\t", b"- "))
            lines[one] = indent + lines[one] if dice.random() < 0.5 else lines[one].removeprefix(indent)
        case _:
            lines.insert(one, dice.choice(dice.choice(others).splitlines(keepends=True) or [b""]))
    return b"".join(lines)


def by_tokens(text: bytes, _others: Sequence[bytes], dice: random.Random) -> bytes:
    """Delete, repeat or replace a word or a sign, or insert one that means something to a parser."""
    tokens = SPLIT.findall(text) or [b""]
    at = dice.randrange(len(tokens))
    match dice.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[dice.randrange(len(tokens))])
        case 2:
            tokens[at] = dice.choice((*TOKENS, _digits(dice)))
        case _:
            tokens.insert(at, dice.choice(TOKENS))
    return b"".join(tokens)


def _digits(dice: random.Random) -> bytes:
    return repr(dice.choice(NUMBERS)).encode()[:60]


def mutated_text(text: bytes, others: Sequence[bytes], dice: random.Random, *, most: int = 4) -> bytes:
    """Return a text changed in one to so many places."""
    for _ in range(dice.randint(1, most)):
        change = dice.choice((by_bytes, by_lines, by_lines, by_tokens, by_tokens, by_tokens))
        text = change(text, others, dice)
    return text


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container of a tree with each of its keys."""
    if isinstance(node, (dict, list)):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            yield node, key
            yield from places(node[key])


def mutated_tree(tree: Any, dice: random.Random, *, most: int = 3) -> Any:
    """Return a copy of a tree of plain data, changed in one to so many places."""
    tree = json.loads(json.dumps(tree))
    for _ in range(dice.randint(1, most)):
        found = list(places(tree))
        if not found:
            return deepcopy(dice.choice(ODD))
        _change(*dice.choice(found), found, dice)
    return tree


def _change(holder: Any, key: Any, found: Sequence[tuple[Any, Any]], dice: random.Random) -> None:
    match dice.randrange(10):
        case 0:
            del holder[key]
        case 1 | 2 | 3:
            holder[key] = deepcopy(dice.choice(ODD))
        case 4 | 5:
            holder[key] = dice.choice(NUMBERS)
        case 6:  # a value from elsewhere, which may be the tree around this place: a copy, so that it ends
            other, place = dice.choice(found)
            holder[key] = json.loads(json.dumps(other[place])) if _is_there(other, place) else None
        case 7 if isinstance(holder, dict):
            holder[dice.choice(("", "x", "a" * 300, "\x1b[2J", "a\nb", str(key).upper(), f"{key}s"))] = (
                holder.pop(key)
            )
        case 8:
            holder[key] = _nested(holder[key], dice.choice((3, 20, 70)), dice)
        case _:
            holder[key] = _stretched(holder[key], dice)


def _is_there(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _nested(value: Any, depth: int, dice: random.Random) -> Any:
    for _ in range(depth):
        value = [value] if dice.random() < 0.5 else {"x": value}
    return value


def _stretched(value: Any, dice: random.Random) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        # By whole numbers alone: one of 400 digits is no float.
        return -value if dice.random() < 0.3 else value * dice.choice((2, 1000, 10**6))
    if isinstance(value, str):
        return dice.choice(
            (value * 40, value[: len(value) // 2], value.upper(), f"{value}\n{value}", f" {value} ")
        )
    if isinstance(value, list):
        return value * dice.choice((2, 30))
    return {f"{key}{number}": inner for number in range(dice.choice((2, 20))) for key, inner in value.items()}


def as_json(tree: Any) -> bytes:
    """Return a tree as JSON, lone surrogates escaped."""
    return json.dumps(tree, indent=1).encode()


def mutated_json(tree: Any, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Return JSON, changed as a tree and now and then as a text."""
    text = as_json(mutated_tree(tree, dice) if dice.random() < 0.85 else tree)
    return mutated_text(text, others, dice, most=2) if dice.random() < 0.25 else text


def mutated_table(text: str, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Return a table of lines and commas with cells, rows and columns changed."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(dice.randint(1, 4)):
        row = dice.choice(rows)
        at = dice.randrange(len(row))
        match dice.randrange(5):
            case 0:
                row[at] = str(dice.choice((*NUMBERS, *ODD)))[:5000].replace("\ud800", "")
            case 1:
                del row[at]
                row = row or [""]
            case 2:
                row.insert(at, dice.choice(dice.choice(rows) or [""]))
            case 3:
                rows.append(list(row))
            case _:
                for other in rows:
                    other.insert(min(at, len(other)), other[min(at, len(other) - 1)] if other else "")
        rows = [row or [""] for row in rows]
    made = "\n".join(",".join(row) for row in rows).encode() + b"\n"
    return mutated_text(made, others, dice, most=2) if dice.random() < 0.25 else made
