"""Feed mutated sheets to the loader and look for anything but its documented result.

python tests/fuzz/fuzz_loader.py --runs 100000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "source")]

from loader_invariants import check_bytes  # noqa: E402 - the line above is what makes it importable

SAMPLES = [
    b"factsheet: 1\nname: BERT\nops: {analog: 21.74 G ops}\nresults:\n  - task: CoLA\n    score: 57.30 %\n",
    b"a: &x [1, *x, !t 'y', \"z\\x1b\\u00e9\"]\nb: |\n  text\n\n  more\n\nc: >-\n  folded\n  text\n# comment\nd:\n",
    "\ufeffµ: ² \N{GRINNING FACE}\r\n'k''s':\r\n- - 1\r\n  - 0x1F\r\n- ? [c]\r\n  : e\r\n".encode(),
    b"%YAML 1.2\n---\nyes: no\n<<: {a: 1}\na: 017\na: 1e999\n...\n---\nb: 2\n",
    b'{"a": [1.0, 2e3, null, true], "b": {"c": "\\ud83d\\ude00"}, "d": []}\n',
    b"- a\n-  b: c\n   d: - e\n\tf: g\n",
]
TOKENS = [
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
        b"\\",
        b"%TAG ! x\n",
    ),
    *(
        b"&a ",
        b"*a",
        b"!t ",
        b"!!str ",
        b"!<x> ",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"~",
        b"yes",
        b"017",
        b".nan",
        b"1e999",
    ),
    *(
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b" ",
        b"  ",
        b"\n  ",
        b"\0",
        b"\x1b",
        b"\x7f",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"\xff",
    ),
    *(
        b"\xf0\x9f\x98\x80",
        b"\xc3\xa9",
        b"\xed\xa0\x80",
        b'"\\x1b"',
        b'"\\ud800"',
        b'"\\U00110000"',
        b"[" * 30,
        b"- " * 30,
        b"1" * 50,
    ),
]
SLOW_S = 2.0
SPLIT = re.compile(rb"\w+|\s+|[^\w\s]")


def mutate(seeds: list[bytes], dice: random.Random) -> bytes:
    """Take a seed, or some lines of one, and change it in one to four places."""
    text = dice.choice(seeds)
    lines = text.splitlines(keepends=True)
    if len(lines) > 30 and dice.random() < 0.95:
        start = dice.randrange(len(lines))
        text = b"".join(lines[start : start + dice.randint(1, 40)])
    for _ in range(dice.randint(1, 4)):
        text = dice.choice((by_bytes, by_lines, by_lines, by_tokens, by_tokens, by_tokens))(text, seeds, dice)
    return text


def by_bytes(text: bytes, _seeds: list[bytes], dice: random.Random) -> bytes:
    """Overwrite, insert or delete a byte."""
    at = dice.randint(0, len(text))
    new = bytes((dice.randrange(256),))
    return dice.choice(
        (text[:at] + new + text[at + 1 :], text[:at] + new + text[at:], text[:at] + text[at + 1 :])
    )


def by_lines(text: bytes, seeds: list[bytes], dice: random.Random) -> bytes:
    """Delete, repeat, swap or indent a line, or bring one in from another seed."""
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
            lines.insert(one, dice.choice(dice.choice(seeds).splitlines(keepends=True) or [b""]))
    return b"".join(lines)


def by_tokens(text: bytes, _seeds: list[bytes], dice: random.Random) -> bytes:
    """Delete, repeat or replace a word or a sign, or insert one that means something to YAML."""
    tokens = SPLIT.findall(text) or [b""]
    at = dice.randrange(len(tokens))
    match dice.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[dice.randrange(len(tokens))])
        case 2:
            tokens[at] = dice.choice(TOKENS)
        case _:
            tokens.insert(at, dice.choice(TOKENS))
    return b"".join(tokens)


def main() -> int:
    """Run; 0 when every result was a documented one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pure", action="store_true", help="use PyYAML's own parser instead of libyaml")
    options = parser.parse_args()
    if options.pure:
        setattr(yaml, "__with_libyaml__", False)  # noqa: B010 - final to the type checker, and meant to be tried
    seeds = SAMPLES + [path.read_bytes() for path in sorted((ROOT / "sheets").glob("**/*.yaml"))]
    dice = random.Random(options.seed)  # noqa: S311 - to be repeatable, not secret
    seen: Counter[str] = Counter()
    slowest = 0.0
    begun = time.monotonic()
    for run in range(options.runs):
        raw = mutate(seeds, dice)
        started = time.monotonic()
        try:
            loaded = check_bytes(raw)
            slowest = max(slowest, time.monotonic() - started)
            assert slowest < SLOW_S, "too slow"
        except Exception:
            sys.stderr.write(f"run {run}, seed {options.seed}, input:\n{raw!r}\n")
            raise
        seen.update({problem.code for problem in loaded.problems} or {"(no problem)"})
        if run % 5000 == 0:
            sys.stderr.write(f"{run} of {options.runs}, {time.monotonic() - begun:.0f} s\n")
    sys.stderr.write(
        f"{options.runs} inputs, slowest {slowest * 1000:.0f} ms; inputs by what was found in them:\n"
    )
    sys.stderr.writelines(f"{count:8} {code}\n" for code, count in seen.most_common())
    return 0


if __name__ == "__main__":
    sys.exit(main())
