"""A family of networks: its dimensions on a sheet, how they are read, and the operators that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.facts.section import ask
from factsheet.networks.limits import MOST_LAYERS, shown_whole
from factsheet.networks.operators import Network, Size

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from factsheet.networks.answers import Answer, Answers
    from factsheet.networks.operators import Operator, SizeOrigin

NOTHING_ASSUMED: Mapping[str, str] = MappingProxyType({})
YES_OR_NO: tuple[Answer, ...] = (False, True)


class Run(NamedTuple):
    """The input of one inference, as far as the network's work depends on it."""

    seq_len: int = 1
    """Tokens, or steps of a recurrent network, that are worked on."""
    cache_length: int | None = None
    """Tokens whose keys and values are cached: one decode step then follows on them. `None` without a cache."""
    image_size: tuple[int, int] | None = None
    """Height and width in pixels, instead of the declared ones."""
    dims: tuple[tuple[str, int], ...] = ()
    """Axes of a graph or of example inputs that were given by their name."""
    asked: frozenset[str] = frozenset()
    """Which of `seq_len`, `image_size` and `batch` the user gave; the others are defaults."""
    declared: frozenset[str] = frozenset()
    """Which of them a sheet gave."""

    def origin(self, name: str) -> SizeOrigin:
        """Return where one of `seq_len`, `image_size` and `batch` comes from."""
        return "asked" if name in self.asked else "declared" if name in self.declared else "assumed"

    @property
    def tokens(self) -> int:
        """New tokens that a decoder works on: one in a decode step."""
        return self.seq_len if self.cache_length is None else 1

    @property
    def keys(self) -> int:
        """Tokens that each query meets, the cached ones and the new ones."""
        return self.tokens + (self.cache_length or 0)


USUAL = Run(seq_len=128)
"""Where nobody gives a size."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Family:
    """A family of networks that a sheet can declare by its dimensions."""

    key: str
    """The key of `model_architecture` that declares it."""
    name: str
    """What its networks are called."""
    meaning: str
    """What the key holds, in one sentence."""
    question: str
    """The question that the key answers."""
    example: object
    """A valid declaration."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """Limits of the key's value, as `pydantic.Field` takes them."""
    tokens: bool = False
    """Whether its work depends on the length of a sequence."""
    takes_length: Callable[[Any], bool] | None = None
    """Which of these dimensions depend on that length; `None`: all."""
    images: bool = False
    """Whether its work depends on the size of an image."""
    cache: bool = False
    """Whether it can run one decode step on cached keys and values."""
    read: Callable[[Answers], Hashable]
    """From the answers of a declaration to dimensions in plain numbers.

    Raises `WorkloadError` where a dimension has no value or the dimensions do not fit each other; `path` is the field.
    """
    operators: Callable[[Any, Run], tuple[Operator, ...]]
    """From those dimensions to the operators of one inference.

    Raises `WorkloadError` where the network does not take the input; `path` is the field.
    """
    finish: Callable[[Any, Network], Network] | None = None
    """Adds to a network what no operator says; see `Network`."""
    left_open: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    """Answers that a network can be derived without, and what each can be."""
    of_several_tokens: frozenset[str] = frozenset()
    """Fields whose assumption makes no difference where there is one new token."""
    on_tiles: str = ""
    """What is on tiles unless a reader says otherwise, where that is not what `policy.RULE` says."""
    head: str = ""
    """Field that holds the outputs of a task's output layer, which tasks may answer where the sheet does not."""

    def ask(self) -> Any:
        """Declare the field of `ModelArchitecture`; see `factsheet.facts.section.ask`."""
        return ask(self.meaning, self.question, self.example, **self.limits)

    def network(
        self,
        shape: Hashable,
        run: Run | int,
        *,
        omitted: tuple[str, ...] = (),
        assumed: Mapping[str, str] = NOTHING_ASSUMED,
    ) -> Network:
        """Return the network of these dimensions.

        Args:
            shape: what `read` gave.
            run: what an inference runs on; a number is that of tokens in one sequence.
            omitted: parts that a declaration leaves open; see `Network`.
            assumed: what is assumed where a declaration is silent; see `Network`.

        Raises:
            WorkloadError: a sequence is longer than the model takes, or the run asks for what the family does not have.
        """
        run = Run(run) if isinstance(run, int) else run
        self._check(run)
        sizes = tuple(self._sizes(shape, run))
        network = Network(self.name, self.operators(shape, run), omitted, assumed, sizes=sizes)
        return network if self.finish is None else self.finish(shape, network)

    def _sizes(self, shape: Any, run: Run) -> Iterator[Size]:
        """Yield what the network's work depends on in this run."""
        if run.cache_length is not None:
            yield Size("cached tokens", f"{run.cache_length:,}", "asked")
        elif self.tokens and (self.takes_length is None or self.takes_length(shape)):
            yield Size("sequence length", f"{run.seq_len:,}", run.origin("seq_len"))
        if self.images:
            height, width = run.image_size or shape.image_size
            yield Size("image", f"{height} x {width}", "declared" if run.image_size is None else "asked")

    def _check(self, run: Run) -> None:
        """Refuse what the family does not have, so that no figure seems to hold at what was asked for."""
        if run.cache_length is not None and not self.cache:
            raise WorkloadError(
                f"`{self.key}` has no cache of keys and values",
                "only a decoder works one token at a time",
                "leave the cache out, or declare a decoder",
            )
        if run.image_size is not None and not self.images:
            raise WorkloadError(
                f"`{self.key}` takes no image",
                "a size of the image changes nothing",
                "leave the image size out",
            )
        if run.dims:
            raise WorkloadError(
                f"`{self.key}` has no axis `{run.dims[0][0]}`",
                "its dimensions are those that the sheet declares",
                "give --seq-len or --image-size; axes by name are those of a graph or of example inputs",
            )


def check_layers(layers: int, field: str = "layers") -> None:
    """Refuse a number of layers that cannot be written out.

    Raises:
        WorkloadError: there are more than `MOST_LAYERS`.
    """
    if layers > MOST_LAYERS:
        raise WorkloadError(
            f"{shown_whole(layers)} layers are more than the {MOST_LAYERS:,} that can be written out",
            "operators are derived layer by layer",
            f"correct `{field}`",
            place=field,
        )
