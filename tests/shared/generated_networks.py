"""A hypothesis strategy for networks of every kind of operator, as a reader of models could give them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from factsheet.networks.operators import (
    ELEMENT_KINDS,
    DynamicMatmul,
    Elementwise,
    Lookup,
    Network,
    StaticMatmul,
    Unknown,
)

NAMES = st.from_regex(r"[a-z]{1,3}(\.[0-2]){0,2}(\.[a-z]{1,2}|/w:\[é\] \*|  x)?", fullmatch=True)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Draw any network: shared and parted matrices, experts, everything else, with repeated names and odd ones."""
    names = draw(st.lists(NAMES, min_size=1, max_size=12, unique=True))
    sizes = st.integers(1, 200)
    operators: list[object] = []
    shared: list[StaticMatmul] = []
    for name in names:
        block = draw(st.sampled_from((name.rpartition(".")[0] or name, "b", "b.1")))
        kind = draw(
            st.sampled_from(
                ("static", "static", "shared", "part", "dynamic", "elements", "lookup", "unknown")
            )
        )
        count = draw(st.integers(0, 50))
        if kind == "shared" and shared:
            first = draw(st.sampled_from(shared))
            operators.append(first._replace(name=name, block=block, calls=count, stored_as=first.storage))
        elif kind == "part":
            start = draw(st.integers(0, 3))
            part = f"w[{start}:{start + 2}]"
            operators.append(StaticMatmul(name, block, 2, 5, calls=count, stored_as=part))
        elif kind == "dynamic":
            operators.append(DynamicMatmul(name, block, *(draw(sizes) for _ in range(4))))
        elif kind == "elements":
            element = draw(st.sampled_from(ELEMENT_KINDS))
            operators.append(Elementwise(name, block, element, count, parameters=draw(st.integers(0, 9))))
        elif kind == "lookup":
            operators.append(Lookup(name, block, draw(sizes), draw(sizes), lookups=count))
        elif kind == "unknown":
            operators.append(Unknown(name, block, "aten::x", count, parameters=draw(st.sampled_from((0, 7)))))
        else:
            matrices = draw(st.sampled_from((1, 1, 4)))
            matrix = StaticMatmul(
                name,
                block,
                draw(sizes),
                draw(sizes),
                calls=count,
                bias=draw(st.booleans()),
                on=draw(st.sampled_from(("analog", "digital"))),
                matrices=matrices,
                active=draw(st.integers(0, 2)) if matrices > 1 else 0,
                kind=draw(st.sampled_from(("linear", "convolution", "recurrent", "experts", "embedding"))),
                lookahead=draw(st.integers(0, 3)),
            )
            operators.append(matrix)
            shared.append(matrix)
    network = Network("a network", tuple(operators))  # type: ignore[arg-type]
    if not draw(st.booleans()):
        return network
    unreached = draw(st.dictionaries(st.sampled_from(("u.0", "u.1", "v")), st.integers(1, 99), max_size=3))
    more = draw(st.integers(0, 20))
    tensors = {
        **network.new_parameters,
        **{f"{name} unreached": n for name, n in unreached.items()},
        "more": more,
    }
    return replace(network, tensors=tensors, unreached=unreached)
