"""A network that no family fits: its operators listed one by one, and blocks that repeat once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from factsheet.errors import NotStatedError, WorkloadError
from factsheet.facts.section import Name, Record, Rows, ask
from factsheet.networks.answers import Answers
from factsheet.networks.family import Family, Run
from factsheet.networks.limits import MOST_OPERATORS, MOST_STORED
from factsheet.networks.operators import (
    DynamicMatmul,
    ElementKind,
    Elementwise,
    Lookup,
    MatrixKind,
    Network,
    Operator,
    StaticMatmul,
    Unknown,
)
from factsheet.networks.position_tables import is_position_table

_MOST_TIMES = 10**5


class RepeatedOperator(Record):
    """Work of one kind, with how often it is done for an inference."""

    name: Name = ask(
        "Its name; what is before the last dot is its block.",
        "What is the name of this operator of the network?",
        "block.*.up",
        default=...,
    )
    does: Literal["matrix", "product", "elementwise", "lookup", "unknown", "stored"] | None = ask(
        "What it does: a product with stored weights (`matrix`, the default) or of two computed matrices (`product`),"
        " work on each element, rows read from a table, work that is not understood, or nothing: numbers that are"
        " `stored` and not used.",
        "What does this operator do: a product with stored weights, of two computed matrices, other work?",
        "matrix",
    )
    kind: Literal[MatrixKind, ElementKind] | None = ask(
        "Of a matrix, what it is in the network; of elementwise work, what is done, which conventions weigh.",
        "Of which kind is this operator in the network?",
        "convolution",
    )
    rows: int | None = ask(
        "Inputs of the matrix, or entries of the table.",
        "How many inputs has the matrix of this operator?",
        768,
        ge=1,
        le=MOST_STORED,
    )
    cols: int | None = ask(
        "Outputs of the matrix, or width of an entry of the table.",
        "How many outputs has the matrix of this operator?",
        3072,
        ge=1,
        le=MOST_STORED,
    )
    calls: int | None = ask(
        "Input vectors that it is multiplied by, or rows read from the table; 1 by default, 0 where it is not known.",
        "How many input vectors is the matrix of this operator multiplied by?",
        1,
        ge=0,
        le=MOST_STORED,
    )
    elements: int | None = ask(
        "Elements that elementwise or unknown work is done on.",
        "On how many elements does this operator work?",
        768,
        ge=0,
        le=MOST_STORED,
    )
    each: Literal["inference", "token", "pair"] | None = ask(
        "Whether so many calls or elements come with each inference, which is the default, with each token, or with"
        " each pair of tokens.",
        "Do this operator's calls come with each inference, each token or each pair of tokens?",
        "token",
    )
    besides: int | None = ask(
        "Calls or elements of an inference beyond those of its tokens; negative if there are fewer.",
        "How many calls of this operator come with no token?",
        1,
        ge=-MOST_STORED,
        le=MOST_STORED,
    )
    per_token: Literal["rows", "cols", "matrices"] | None = ask(
        "The number of a product that holds for each token, as of scores, which have a column for each.",
        "Which side of this operator's product grows with the sequence?",
        "cols",
    )
    matrices: int | None = ask(
        "Matrices of this shape that it stands for: groups, experts; of a product, how many there are.",
        "How many matrices of this shape does this operator stand for?",
        8,
        ge=1,
        le=MOST_STORED,
    )
    active: int | None = ask(
        "How many of them one input vector is multiplied by; all by default.",
        "How many of this operator's matrices is one input vector multiplied by?",
        2,
        ge=1,
        le=MOST_STORED,
    )
    bias: bool | None = ask(
        "Whether it adds a bias; not by default.", "Does this operator add a bias?", example=True
    )
    side: Literal["analog", "digital"] | None = ask(
        "Where its weights are; on analog tiles by default.",
        "Are the weights of this operator on analog tiles or digital?",
        "analog",
    )
    lookahead: int | None = ask(
        "Positions that the windows of a convolution reach ahead, in calls; 0 by default.",
        "How many positions do the windows of this convolution reach ahead?",
        33,
        ge=0,
        le=MOST_STORED,
    )
    parameters: int | None = ask(
        "Stored numbers of elementwise or unknown work, or of what is stored without use; of a matrix or table, only"
        " where part of it is counted elsewhere.",
        "How many numbers are stored for this operator?",
        1536,
        ge=0,
        le=MOST_STORED,
    )
    stored_as: Name | None = ask(
        "Name of its weights, where operators share them; a part of them in brackets, `w[0:64]`.",
        "Under which name are the weights of this operator stored?",
        "block.0.up",
    )
    what: Name | None = ask(
        "What work that is not understood is called where it was found.",
        "What is the work of this operator called where it was found?",
        "aten::fft_rfft",
    )
    block: Name | None = ask(
        "Its block, where that is not what is before the last dot of its name.",
        "To which block of the network does this operator belong?",
        "block.0",
    )


class ListedOperator(RepeatedOperator):
    """An operator, or a block of operators that repeats."""

    repeat: int | None = ask(
        "How many such blocks follow each other; `*` in the names within stands for the number of each.",
        "How many such blocks of operators follow each other?",
        12,
        ge=1,
        le=_MOST_TIMES,
    )
    first: int | None = ask(
        "Number of the first of these blocks; 0 by default.",
        "From which number are these blocks of operators counted?",
        0,
        ge=0,
        le=MOST_STORED,
    )
    operators: Rows[RepeatedOperator] | None = ask(
        "The operators of one such block, in order.",
        "Which operators does one such block compute, in order?",
        [{"name": "block.*.up", "rows": 768, "cols": 3072, "each": "token"}],
        min_length=1,
        max_length=5000,
    )


def _read(known: Answers) -> tuple[ListedOperator, ...]:
    rows: tuple[ListedOperator, ...] = known.declared
    if all(row.does in {None, "matrix", "product"} for row in _within(rows)):
        known.assumed["operators"] = (
            "only the listed operators are counted: normalisation and the like are not among them"
        )
    return rows


def _within(rows: Iterable[ListedOperator]) -> Iterator[RepeatedOperator]:
    """Yield every operator once, also those of blocks that repeat."""
    for row in rows:
        yield from (row,) if row.operators is None else row.operators


def _written_out(rows: Iterable[ListedOperator]) -> Iterator[RepeatedOperator]:
    """Yield every operator, block after block.

    Raises:
        WorkloadError: there are more than can be written out, or a row is half a block.
    """
    count = 0
    for row in rows:
        if (row.operators is None) != (row.repeat is None):
            raise WorkloadError(
                f"{row.name}: `repeat` and `operators` go together",
                "a block that repeats is written once, with how often it comes",
                "give both, or neither",
                place="operators",
            )
        times, first = row.repeat or 1, row.first or 0
        count += times * len(row.operators or (row,))
        if count > MOST_OPERATORS:
            raise WorkloadError(
                f"the list stands for more than {MOST_OPERATORS:,} operators",
                "each is written out",
                "correct `repeat`",
                place="operators",
            )
        if row.operators is None:
            yield row
            continue
        for number in range(first, first + times):
            for one in row.operators:
                yield one.model_copy(
                    update={
                        field: text.replace("*", str(number))
                        for field in ("name", "stored_as", "block")
                        if (text := getattr(one, field)) is not None
                    }
                )


def _positions(rows: Iterable[ListedOperator]) -> Iterator[int]:
    """Yield how many positions each table of them has that every token takes a vector of.

    A few may be of no token, as for padding, so a sequence that is longer does not fit in any case.
    """
    for row in _within(rows):
        if row.each != "token" or row.besides or not is_position_table(row.stored_as or row.name):
            continue
        if row.does == "lookup" and row.rows:
            yield row.rows
        elif row.does == "elementwise" and row.elements and (row.parameters or 0) % row.elements == 0:
            yield (row.parameters or 0) // row.elements


def _operators(rows: tuple[ListedOperator, ...], run: Run) -> tuple[Operator, ...]:
    positions = min(_positions(rows), default=0)
    if positions and run.seq_len > positions:
        raise WorkloadError(
            f"a sequence of {run.seq_len:,} tokens is longer than the {positions:,} positions of the network",
            "its table of positions has one vector for each, and none for more",
            f"give a sequence length of at most {positions:,}",
        )
    return tuple(_operator(row, run.seq_len) for row in _written_out(rows) if row.does != "stored")


def _operator(row: RepeatedOperator, tokens: int) -> Operator:
    block = row.block or row.name.rpartition(".")[0] or row.name
    if row.does == "elementwise":
        elements = _times(row, row.elements or 0, tokens)
        kind: ElementKind = _element_kind(row)
        return Elementwise(row.name, block, kind, elements, row.parameters or 0, row.stored_as or "")
    if row.does == "unknown":
        elements = _times(row, row.elements or 0, tokens)
        return Unknown(
            row.name, block, row.what or row.name, elements, row.parameters or 0, row.stored_as or ""
        )
    rows, cols = _side(row, "rows"), _side(row, "cols")
    calls = _times(row, 1 if row.calls is None else row.calls, tokens)
    if row.does == "lookup":
        return Lookup(row.name, block, rows, cols, calls, row.stored_as or "")
    matrices = row.matrices or 1
    if row.does == "product":
        sizes = {"rows": rows, "cols": cols, "matrices": matrices}
        if row.per_token:
            sizes[row.per_token] *= tokens
        return DynamicMatmul(
            row.name, block, count=sizes["matrices"], m=calls, k=sizes["rows"], n=sizes["cols"]
        )
    active = row.active or 0
    if active > matrices:
        raise WorkloadError(
            f"{row.name}: {active} matrices are active of {matrices}",
            "an input cannot meet more matrices than there are",
            "correct `active` or `matrices`",
        )
    return StaticMatmul(
        row.name,
        block,
        rows,
        cols,
        calls=calls,
        bias=row.bias or False,
        on=row.side or "analog",
        stored_as=row.stored_as or "",
        matrices=matrices,
        active=active,
        kind=_matrix_kind(row),
        lookahead=row.lookahead or 0,
    )


def _side(row: RepeatedOperator, field: Literal["rows", "cols"]) -> int:
    size: int | None = getattr(row, field)
    if size is None:
        raise NotStatedError(
            f"{row.name}: `{field}` is not given",
            "operations, tiles and sizes follow from it",
            f"give `{field}`, or say what it `does` if it is no matrix",
            place="operators",
        )
    return size


def _times(row: RepeatedOperator, count: int, tokens: int) -> int:
    """Return how many calls or elements an inference of so many tokens has.

    Raises:
        WorkloadError: there are fewer than none.
    """
    total = count * {"token": tokens, "pair": tokens**2}.get(row.each or "", 1) + (row.besides or 0)
    if total < 0:
        raise WorkloadError(
            f"{row.name}: {total:,} calls or elements for {tokens:,} tokens",
            "`besides` takes away more than there are",
            "correct `besides`, or give a longer sequence",
            place="operators",
        )
    return total


def _matrix_kind(row: RepeatedOperator) -> MatrixKind:
    match row.kind:
        case "linear" | "convolution" | "experts" | "recurrent" | "embedding":
            return row.kind
        case None:
            return "experts" if row.active else "linear"
        case _:
            raise _misfit(row)


def _element_kind(row: RepeatedOperator) -> ElementKind:
    match row.kind:
        case None:
            return "other"
        case "linear" | "convolution" | "experts" | "recurrent":
            raise _misfit(row)
        case _:
            return row.kind


def _misfit(row: RepeatedOperator) -> WorkloadError:
    does = row.does or "matrix"
    return WorkloadError(
        f"{row.name}: no `{does}` is of the kind `{row.kind}`",
        "a matrix is linear, a convolution, experts, recurrent or an embedding; the rest is elementwise work",
        "correct `kind` or `does`",
        place="operators",
    )


def _takes_length(rows: tuple[ListedOperator, ...]) -> bool:
    return any(row.each in {"token", "pair"} or row.per_token for row in _within(rows))


def _finish(rows: tuple[ListedOperator, ...], network: Network) -> Network:
    """Add what is stored without use, and numbers of parameters that do not follow from the operators."""
    written_out = tuple(_written_out(rows))
    stored = {row.name: row.parameters or 0 for row in written_out if row.does == "stored"}
    given = {
        row.name: row.parameters
        for row in written_out
        if row.parameters is not None and row.does in {None, "matrix", "lookup"}
    }
    if not (stored or given):
        return network
    # Where what is stored is listed, there is nothing else.
    tensors = {name: given.get(name, count) for name, count in network.new_parameters.items()}
    tensors |= {f"{name} (stored)": count for name, count in stored.items()}
    return replace(
        network, tensors=tensors, unreached={name: count for name, count in stored.items() if count}
    )


FAMILY = Family(
    key="operators",
    name="listed operators",
    meaning="The operators of a network that none of the families fits.",
    question="Which operators does the network compute?",
    example=[{"name": "encoder.up", "rows": 768, "cols": 3072, "calls": 1, "each": "token"}],
    limits={"min_length": 1, "max_length": 20_000},
    tokens=True,
    takes_length=_takes_length,
    read=_read,
    operators=_operators,
    finish=_finish,
)
