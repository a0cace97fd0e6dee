"""Hypothesis strategies for valid sheets, built from the models: every field, kind and form that the schema knows.

`sheets()` draws the plain data of any sheet that the schema accepts. `architectures()` draws networks of all
families that can be built, `operating_points()` rows of figures, and `written()` the ways to write one value: with few
digits or many, approximately, as a range or bound, with a tolerance, with provenance. They can be put together:
`sheets(model_architecture=architectures())`.
"""

from __future__ import annotations

import re
import types
import typing
from functools import cache
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st

from factsheet.errors import AnswerRefusedError, QuantityError
from factsheet.facts import kinds, language_kinds, plain_kinds
from factsheet.facts.fact import ABSENCES, Entry, Fact
from factsheet.facts.kind import Kind
from factsheet.facts.section import Record
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import format_value, parse_quantity
from factsheet.sheet.model import SheetFields
from factsheet.source.scalars import WrittenFloat, resolve_number

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]
Strategies = dict[str, st.SearchStrategy[Any]]

_AWKWARD = (
    *("yes", "No", "null", "~", "true", "1.0", "007", "0x1F", "1e3", "2022-11-14", "12:30", "nan", "-"),
    *(
        "a: b",
        "a #b",
        "# a",
        "- a",
        "? a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "{a}",
        "[a]",
        "a, b",
        "'",
        '"',
    ),
    *("<b>&amp;</b>", "**bold** _it_ [x](y)", "| a | b |", "$x^2$", "Größe ≥ 3 µm", "数据", "tail:", "\\n"),
)
_CHARACTERS = st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs"))


@cache
def lines(longest: int = 60) -> st.SearchStrategy[str]:
    """Draw a line of text, often one that YAML, Markdown or HTML could take for something else."""
    texts = st.text(_CHARACTERS, min_size=1, max_size=longest).map(str.strip).filter(bool)
    return st.one_of(st.sampled_from(_AWKWARD), texts)


@cache
def prose() -> st.SearchStrategy[str]:
    """Draw text of one or several paragraphs."""
    return st.lists(lines(), min_size=1, max_size=3).map("\n\n".join)


@st.composite
def _decimals(draw: st.DrawFn, *, signed: bool = False) -> str:
    """Draw the digits of a number: whole, with a fraction whose zeros count, with an exponent or with commas."""
    whole = draw(st.integers(0, 99_999))
    form = draw(st.sampled_from(("whole", "fraction", "exponent", "commas")))
    digits = {
        "whole": str(whole),
        "fraction": f"{whole}.{draw(st.integers(0, 999)):03d}"[: draw(st.integers(-2, -1)) or None],
        "exponent": f"{draw(st.integers(1, 9))}.{draw(st.integers(0, 9))}e{draw(st.integers(-9, 9))}",
        "commas": f"{whole:,}",
    }[form]
    return f"-{digits}" if signed and draw(st.booleans()) else digits


@st.composite
def quantities(draw: st.DrawFn, *dimensions: str) -> Any:
    """Draw a quantity as somebody writes it: text with a unit, or a bare number where the dimension has none."""
    name = draw(st.sampled_from(dimensions))
    dimension = DIMENSIONS[name]
    number = _decimals(signed=dimension.signed)
    unit = draw(st.sampled_from([*dimension.spellings(), *([""] if dimension.bare else [])] or [""]))
    tail = f" {unit}" if unit else ""
    form = draw(
        st.sampled_from(
            ("{a}{u}", "{a}{u}", "approx. {a}{u}", "~{a}{u}", "{a} to {b}{u}", "up to {a}{u}", "{a} ± {b}{u}")
        )
    )
    text = form.format(a=draw(number), b=draw(number), u=tail)
    try:
        parse_quantity(text, name)
    except QuantityError:
        return dimension.example
    plain = resolve_number(text, 60)
    return plain if isinstance(plain, int | float) else text


_ID = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,11}", fullmatch=True)
_DAYS = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.integers(1990, 2030).map(str),
    st.integers(1990, 2030),
    st.integers(1, 12).map(lambda month: f"2022-{month:02d}"),
)
_LINKS = st.sampled_from(("https://example.org/a?b=c#d", "HTTP://Example.org", "https://doi.org/10.1/x(y)"))
_WIDTHS = st.integers(1, 64)


@cache
def answers(kind: Kind) -> st.SearchStrategy[Any]:
    """Draw a bare value of a kind, in any of the forms that it can be written in."""
    found = _answers(kind)

    def fits(raw: object) -> bool:
        try:
            kind.parse(raw)
        except AnswerRefusedError:
            return False
        return True

    return found.filter(fits)


def _answers(kind: Kind) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0912  one case a kind
    match kind:
        case kinds.Measure(dimensions=names):
            return quantities(*names)
        case kinds.Line():
            return st.one_of(lines(), st.integers(0, 99), st.just(WrittenFloat("1.10")))
        case kinds.Prose():
            return prose()
        case language_kinds.LanguageTag():
            return st.sampled_from(("en", "de-AT", "zh-Hant", "ar", "ZH-hans-cn", "es-419", "sl-rozaj"))
        case kinds.Items():
            return st.one_of(lines(), st.lists(lines(), min_size=1, max_size=3))
        case kinds.Choice(options=options):
            return st.sampled_from(options)
        case kinds.Whole(least=least, most=most):
            return st.integers(least, min(most, 10**6))
        case kinds.Wholes(longest=longest):
            return st.one_of(_WIDTHS, st.lists(_WIDTHS, min_size=1, max_size=min(longest, 4)))
        case kinds.Digest():
            return st.binary(min_size=32, max_size=32).map(lambda digest: f"sha256:{digest.hex()}")
        case kinds.Flag():
            return st.booleans()
        case kinds.Day() | plain_kinds.Calendar():
            return _DAYS
        case kinds.Link() | plain_kinds.Address():
            return _LINKS
        case plain_kinds.Ids():
            return st.one_of(_ID, st.lists(_ID, min_size=1, max_size=3))
        case plain_kinds.SchemaVersion():
            return st.just(1)
        case plain_kinds.Sides(least=least):
            side = st.integers(least, 9)
            return st.one_of(side, st.lists(side, min_size=2, max_size=2))
        case plain_kinds.Batch():
            return st.one_of(st.just("not stated"), st.integers(1, 64))
    raise NotImplementedError(f"no strategy for {kind!r}")


@cache
def facts(kind: Kind) -> st.SearchStrategy[Any]:
    """Draw a fact: a bare value, a value with provenance, or a reason for its absence."""
    around = records(Entry, without=("value", *ABSENCES))
    with_value = st.builds(lambda value, rest: {"value": value, **rest}, answers(kind), around)
    absent = st.builds(
        lambda name, reason, rest: {name: reason, **rest}, st.sampled_from(ABSENCES), prose(), around
    )
    bare = answers(kind)
    return st.one_of(bare, bare, with_value, absent)


def records(
    record: type[Record], without: tuple[str, ...] = (), **given: st.SearchStrategy[Any]
) -> st.SearchStrategy[Data]:
    """Draw the plain data of a model: its required fields, and any of the others.

    Args:
        record: the model.
        without: fields to leave out.
        given: strategies for fields that are to be drawn in another way; these are always there.
    """
    required, optional = _fields(record, (*without, *given))
    return st.fixed_dictionaries({**required, **given}, optional=optional)


@cache
def _fields(record: type[Record], without: tuple[str, ...]) -> tuple[Strategies, Strategies]:
    """Return the strategies of the required and of the other fields, the same ones whenever they are asked for.

    What hypothesis finds out about a strategy, such as that it is not empty, it remembers with the object: strategies
    that were made anew for each draw cost ten times as much as drawing from them.
    """
    required: Strategies = {}
    optional: Strategies = {}
    for name, field in record.model_fields.items():
        if name in without:
            continue
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        values = st.deferred(lambda annotation=annotation: _values(annotation))  # type: ignore[misc]  # bound now
        (required if field.is_required() else optional)[name] = values
    return required, optional


@cache
def _record(record: type[Record]) -> st.SearchStrategy[Data]:
    return records(record)


def _values(annotation: Any, metadata: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """Draw plain data that a field of this type accepts."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _values(arguments[0], (*annotation.__metadata__, *metadata))
    kind = next((entry for entry in metadata if isinstance(entry, Kind)), None)
    if kind is not None:
        return facts(kind) if annotation is Fact else answers(kind)
    if origin in {types.UnionType, typing.Union}:
        members = [_values(member, metadata) for member in arguments if member is not type(None)]
        return st.one_of(members)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        least = max(1, *(bound.min_length for bound in _bounds(metadata, MinLen)), 1)
        return st.lists(_values(arguments[0]), min_size=least, max_size=least + 2)
    if origin is dict:
        return st.dictionaries(_values(arguments[0]), _values(arguments[1]), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return _record(annotation)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        least = max((bound.ge for bound in _bounds(metadata, Ge)), default=0)
        most = min((bound.le for bound in _bounds(metadata, Le)), default=10**6)
        return st.integers(least, min(most, max(least, 4096)))
    assert annotation is str, annotation
    return _strings(metadata)


def _strings(metadata: tuple[Any, ...]) -> st.SearchStrategy[str]:
    pattern = next((found for entry in _flat(metadata) if (found := getattr(entry, "pattern", None))), None)
    longest = min((bound.max_length for bound in _bounds(metadata, MaxLen)), default=60)
    if pattern is None:
        return lines(min(longest, 40))
    # Python's `\d` and `\S` are wider than the regular expressions of pydantic.
    return st.from_regex(re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)).filter(
        lambda text: text.isascii() and text.isprintable() and len(text) <= longest
    )


def _flat(metadata: tuple[Any, ...]) -> list[Any]:
    """Return constraints one by one: `Field(...)` holds several."""
    return [part for entry in metadata for part in (getattr(entry, "metadata", None) or [entry])]


def _bounds(metadata: tuple[Any, ...], kind: type[Any]) -> list[Any]:
    return [entry for entry in _flat(metadata) if isinstance(entry, kind)]


def sheets(**sections: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    """Draw the plain data of a valid sheet; sections that are given are always there, the others at times."""
    return records(SheetFields, without=(), **sections)


@st.composite
def written(draw: st.DrawFn, value: float, dimension: str, *, by_itself: bool = False) -> Any:
    """Draw a way to write a value that a recomputation is to find again.

    Args:
        draw: what hypothesis draws with.
        value: in the dimension's base unit, above zero.
        dimension: its name.
        by_itself: whether to leave provenance and tolerance out.
    """
    text = format_value(value, dimension, digits=draw(st.integers(2, 6)))
    text = draw(st.sampled_from(("", "approx. ", "~", "up to "))) + text
    if by_itself or draw(st.booleans()):
        return text
    tolerance = {"within": draw(st.sampled_from(("1 %", "5 %", 0.1))), "reason": draw(lines())}
    return {
        "value": text,
        "source": draw(st.sampled_from(("measured", "declared", "cited", "simulated", "derived"))),
        **draw(st.fixed_dictionaries({}, optional={"tolerance": st.just(tolerance), "note": prose()})),
    }


@st.composite
def operating_points(draw: st.DrawFn, most: int = 3) -> list[Data]:
    """Draw operating points at distinct sequence lengths and batches, with any of their figures, throughput too."""
    places = draw(
        st.lists(
            st.tuples(
                st.sampled_from((1, 8, 16, 32, 128)), st.one_of(st.integers(1, 8), st.just("not stated"))
            ),
            min_size=1,
            max_size=most,
            unique=True,
        )
    )
    figures = {
        "total_ops": written(draw(st.floats(1e6, 1e12)), "ops"),
        "analog_ops": written(draw(st.floats(1e6, 1e12)), "ops"),
        "digital_ops": written(draw(st.floats(1e4, 1e9)), "ops"),
        "execution_time": written(draw(st.floats(1e-6, 1.0)), "time"),
        "power": written(draw(st.floats(1e-3, 100.0)), "power"),
        "energy": written(draw(st.floats(1e-6, 10.0)), "energy"),
        "energy_efficiency": written(draw(st.floats(1.0, 1e6)), "inferences_per_second_per_watt"),
        "throughput": written(draw(st.floats(1.0, 1e6)), "throughput"),
        "counting": st.sampled_from(("consistent", "matmul-only", "attention-mac-is-one-op")),
    }
    rows = st.fixed_dictionaries({}, optional=figures)
    return [{"seq_len": seq_len, "batch": batch, **draw(rows)} for seq_len, batch in places]


def architectures(*families: str) -> st.SearchStrategy[Data]:
    """Draw a `model_architecture` of one family with dimensions that fit each other; of any family by default."""
    return st.sampled_from(families or tuple(_FAMILIES)).flatmap(
        lambda family: _FAMILIES[family]().map(lambda dimensions: {family: dimensions})
    )


_FLAG = st.booleans()
_VOCABULARY = st.integers(2, 500)


@st.composite
def _heads(draw: st.DrawFn) -> Data:
    heads = draw(st.sampled_from((1, 2, 4)))
    return {"heads": heads, "hidden_size": heads * draw(st.integers(1, 16))}


def _with(required: Mapping[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    fixed = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in required.items()
    }
    return st.fixed_dictionaries(fixed, optional=optional)


@st.composite
def _encoder(draw: st.DrawFn) -> Data:
    return draw(
        _with(
            {**draw(_heads()), "layers": st.integers(1, 4), "intermediate_size": _WIDTHS},
            vocabulary=_VOCABULARY,
            positions=st.integers(128, 512),
            token_types=st.integers(0, 2),
            pooler=_FLAG,
            fused_qkv=_FLAG,
            pooler_on_tiles=_FLAG,
            shared_layers=_FLAG,
        )
    )


@st.composite
def _decoder(draw: st.DrawFn) -> Data:
    heads = draw(_heads())
    experts = draw(st.integers(1, 4))
    routed = {"experts": experts, "active_experts": draw(st.integers(1, experts))} if experts > 1 else {}
    return draw(
        _with(
            {**heads, **routed, "layers": st.integers(1, 4), "intermediate_size": _WIDTHS},
            kv_heads=st.sampled_from([n for n in (1, 2, 4) if heads["heads"] % n == 0]),
            gated_mlp=_FLAG,
            vocabulary=_VOCABULARY,
            tied_head=_FLAG,
            head_positions=st.sampled_from(("every", "last")),
            normalisation=st.sampled_from(("layer_norm", "rms_norm")),
            position_encoding=st.sampled_from(("rotary", "learned", "none")),
            positions=st.integers(128, 512),
            biases=st.sampled_from(("all", "qkv", "none")),
            fused_qkv=_FLAG,
        )
    )


@st.composite
def _encoder_decoder(draw: st.DrawFn) -> Data:
    return draw(
        _with(
            {
                **draw(_heads()),
                "encoder_layers": st.integers(1, 3),
                "decoder_layers": st.integers(1, 3),
                "intermediate_size": _WIDTHS,
            },
            gated_mlp=_FLAG,
            vocabulary=_VOCABULARY,
            tied_head=_FLAG,
            normalisation=st.sampled_from(("layer_norm", "rms_norm")),
            final_norm=_FLAG,
            embedding_norm=_FLAG,
            positions=st.integers(128, 512),
            relative_buckets=st.integers(0, 32),
            biases=st.sampled_from(("all", "qkv", "none")),
            target_length=st.integers(1, 32),
        )
    )


@st.composite
def _vision(draw: st.DrawFn) -> Data:
    patch = draw(st.sampled_from((2, 4, 8)))
    return draw(
        _with(
            {
                **draw(_heads()),
                "patch_size": patch,
                "image_size": patch * draw(st.integers(1, 4)),
                "layers": st.integers(1, 4),
                "intermediate_size": _WIDTHS,
            },
            channels=st.integers(1, 4),
            classes=st.integers(2, 100),
            class_token=_FLAG,
            fused_qkv=_FLAG,
        )
    )


@st.composite
def _convolutional(draw: st.DrawFn) -> Data:
    """Draw convolutions that keep the size of the image, then a pool and a dense layer."""
    kernel = draw(st.sampled_from((1, 3, 5)))
    convolution = _with(
        {"kind": "conv", "channels": st.integers(1, 16), "kernel": kernel, "padding": kernel // 2},
        bias=_FLAG,
        normalisation=st.sampled_from(("batch_norm", "none")),
        activation=_FLAG,
    )
    layers = draw(st.lists(convolution, min_size=1, max_size=4))
    return {
        "image_size": draw(
            st.one_of(st.integers(4, 16), st.lists(st.integers(4, 16), min_size=2, max_size=2))
        ),
        "channels": draw(st.integers(1, 4)),
        "layers": [
            *layers,
            {"kind": "global_pool"},
            {"kind": "linear", "channels": draw(st.integers(1, 10))},
        ],
    }


def _recurrent() -> st.SearchStrategy[Data]:
    return _with(
        {
            "cell": st.sampled_from(("lstm", "gru")),
            "input_size": _WIDTHS,
            "hidden_size": _WIDTHS,
            "layers": st.integers(1, 3),
        },
        bidirectional=_FLAG,
        outputs=st.integers(1, 40),
        output_positions=st.sampled_from(("every", "last")),
    )


def _mlp() -> st.SearchStrategy[Data]:
    return _with({"sizes": st.lists(_WIDTHS, min_size=2, max_size=5)}, biases=_FLAG)


@st.composite
def _operators(draw: st.DrawFn) -> list[Data]:
    """Draw listed operators; some share the weights of the first."""
    rows, cols = draw(_WIDTHS), draw(_WIDTHS)
    names = draw(
        st.lists(
            st.from_regex(r"[a-z]{1,5}\.[a-z]{1,5}", fullmatch=True), min_size=1, max_size=4, unique=True
        )
    )
    first = {"name": names[0], "rows": rows, "cols": cols}
    use = {"calls": st.integers(1, 64), "each": st.sampled_from(("inference", "token")), "bias": _FLAG}
    others = [
        {"name": name, "rows": rows, "cols": cols, "stored_as": names[0]}
        if draw(st.booleans())
        else {"name": name, "rows": draw(_WIDTHS), "cols": draw(_WIDTHS)}
        for name in names[1:]
    ]
    return [{**operator, **draw(st.fixed_dictionaries({}, optional=use))} for operator in (first, *others)]


_FAMILIES: dict[str, Any] = {
    "transformer_encoder": _encoder,
    "transformer_decoder": _decoder,
    "encoder_decoder": _encoder_decoder,
    "vision_transformer": _vision,
    "convolutional": _convolutional,
    "recurrent": _recurrent,
    "mlp": _mlp,
    "operators": _operators,
}
