"""The network that a sheet declares under `model_architecture`, as operators.

What a declaration leaves open is assumed, and can be tried every way.

A new family of networks is one file in `factsheet/networks/families` and one line in `FAMILIES`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.answers import NOTHING, Answers
from factsheet.networks.families import (
    convolutional,
    decoder,
    encoder,
    encoder_decoder,
    listed,
    mlp,
    recurrent,
    vision,
)
from factsheet.networks.family import Run
from factsheet.networks.layer_layout import LayoutPlan, layout_plan
from factsheet.networks.tables import unique_table

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from factsheet.facts.section import Record
    from factsheet.networks.answers import Answer
    from factsheet.networks.family import Family
    from factsheet.networks.operators import Network

SECTION = "model_architecture"
MOST = 512
"""Interpretations that are tried. A decoder that leaves every answer open has 288; the rest is for what is added."""


FAMILIES: Mapping[str, Family] = unique_table(
    "a family of networks",
    (
        (family.key, family)
        for family in (
            encoder.FAMILY,
            decoder.FAMILY,
            encoder_decoder.FAMILY,
            vision.FAMILY,
            convolutional.FAMILY,
            recurrent.FAMILY,
            mlp.FAMILY,
            listed.FAMILY,
        )
    ),
)
"""The families by the key that declares them; a sheet declares one network."""


class NetworkStructure(NamedTuple):
    """A family with its dimensions in plain numbers: equal for all sheets that declare the same."""

    family: Family
    shape: Hashable
    layout: LayoutPlan = LayoutPlan()

    def network(self, run: Run | int) -> Network:
        """Return the network with its layers where the layout puts them; see `Family.network`."""
        return self.layout.place(self.family.network(self.shape, run))


class Interpretation(NamedTuple):
    """One network that a declaration allows."""

    answers: Mapping[str, Answer]
    """The answers that it takes in place of those that are left open."""
    structure: NetworkStructure


@dataclass(frozen=True, slots=True)
class Declaration:
    """The network that a sheet declares, with what is assumed where the sheet is silent."""

    declared: Any
    """The record of the sheet, or its rows."""
    structure: NetworkStructure
    omitted: tuple[str, ...]
    """Parts that are left open, and whose parameters are therefore missing."""
    assumed: Mapping[str, str]
    """What is assumed, by field."""

    @property
    def family(self) -> Family:
        """The family that it is declared as."""
        return self.structure.family

    @property
    def path(self) -> tuple[str, str]:
        """Where the sheet declares it."""
        return SECTION, self.family.key

    @property
    def complete(self) -> bool:
        """Whether the number of parameters follows; it does not where an embedding is left open."""
        return not self.omitted

    @property
    def left_open(self) -> tuple[str, ...]:
        """The answers that the sheet does not give and that can be tried."""
        return tuple(field for field in self.family.left_open if field in self.assumed)

    def network(self, run: Run | int) -> Network:
        """Return the operators, with what is assumed for this run.

        Raises:
            WorkloadError: a sequence is longer than the model takes, or a run asks for what the family does not have.
        """
        run = Run(run) if isinstance(run, int) else run
        without = self.family.of_several_tokens if run.tokens == 1 else ()
        assumed = {field: note for field, note in self.assumed.items() if field not in without}
        with _placed(self.family):
            network = self.family.network(self.structure.shape, run, omitted=self.omitted, assumed=assumed)
        return self.structure.layout.place(network)

    def interpretations(self, heads: Iterable[int] = ()) -> Iterator[Interpretation]:
        """Yield every network that the declaration allows, the default first; at most `MOST`.

        Args:
            heads: outputs that a task's output layer may have, for a declaration that does not say.
        """
        yield Interpretation(NOTHING, self.structure)
        tried = {self.structure}
        for answers in islice(self._answers(heads), MOST):
            try:
                shape = self.family.read(Answers(self.declared, answers))
            except WorkloadError:
                continue  # these answers do not fit the rest
            structure = self.structure._replace(shape=shape)
            if structure not in tried:
                tried.add(structure)
                yield Interpretation(answers, structure)

    def _answers(self, heads: Iterable[int]) -> Iterator[Mapping[str, Answer]]:
        fields = self.left_open
        key = self.family.head
        is_open = bool(key) and getattr(self.declared, key) is None
        for outputs in (0, *heads) if is_open else (0,):
            head: dict[str, Answer] = {key: outputs} if outputs else {}
            for answers in product(*(self.family.left_open[field] for field in fields)):
                yield {**head, **dict(zip(fields, answers, strict=True))}


@contextmanager
def _placed(family: Family) -> Iterator[None]:
    """Say of an error within a family's declaration where it is in the sheet."""
    try:
        yield
    except WorkloadError as error:
        path = f"{SECTION}.{family.key}" + (f".{error.place}" if error.place else "")
        raise type(error)(error.message, error.why, error.help, place=path) from None


def declared_family(architecture: Record | None) -> Family | None:
    """Return the family that the network is declared as, if there is one.

    Raises:
        WorkloadError: there are several.
    """
    keys = [] if architecture is None else [key for key in FAMILIES if getattr(architecture, key) is not None]
    if len(keys) > 1:
        both = "both" if len(keys) == 2 else "each"  # noqa: PLR2004  two are both
        listed_keys = " and ".join(f"`{key}`" for key in keys)
        raise WorkloadError(
            f"{listed_keys} {both} declare a network",
            "figures can only follow from one",
            "keep the one that is meant; what fits no family goes under `operators` as a whole",
            place=f"{SECTION}.{keys[1]}",
        )
    return FAMILIES[keys[0]] if keys else None


def grows_with_tokens(architecture: object, family: Family) -> bool:
    """Return whether a declared network does more for a longer sequence; a list of operators may have none that does.

    Args:
        architecture: the `model_architecture` of a sheet.
        family: the one that it declares.
    """
    return family.tokens and (
        family.takes_length is None or family.takes_length(getattr(architecture, family.key))
    )


def declaration(architecture: Record | None, image_size: tuple[int, int] | None = None) -> Declaration:
    """Read the network that a sheet declares.

    An embedding whose rows are `not_applicable` does not exist; one whose rows are left out or not disclosed
    goes into `omitted`: operators are complete without it, the number of parameters is not.

    Args:
        architecture: the section `model_architecture`.
        image_size: height and width in pixels, in place of the declared ones.

    Raises:
        WorkloadError: the section declares no network or several, a dimension has no value, or dimensions do not fit
            each other; `path` says where.
    """
    family = declared_family(architecture)
    if family is None:
        first, *others = FAMILIES
        raise WorkloadError(
            "no structure is declared that operators could be derived from",
            "ops, tiles and sizes follow from the network's dimensions",
            f"declare the dimensions under `{SECTION}.{first}`: layers, hidden_size, heads, intermediate_size; other"
            f" networks under {', '.join(f'`{key}`' for key in others)}",
            place=f"{SECTION}.{first}",
        )
    given: dict[str, Answer] = {} if image_size is None or not family.images else {"image_size": image_size}
    known = Answers(getattr(architecture, family.key), given)
    with _placed(family):
        shape = family.read(known)
    structure = NetworkStructure(family, shape, layout_plan(getattr(architecture, "layout", None)))
    return Declaration(known.declared, structure, tuple(known.omitted), MappingProxyType(known.assumed))


def declared_network(architecture: Record | None, run: Run | int) -> Network:
    """Return the operators of the declared network.

    Args:
        architecture: the section `model_architecture`.
        run: what an inference runs on; a number is that of tokens in one sequence.

    Raises:
        WorkloadError: the section does not declare a network whose operators are known, its dimensions do not
            fit each other, a sequence is longer than the model takes, or a run asks for what the family does not have.
    """
    run = Run(run) if isinstance(run, int) else run
    return declaration(architecture, run.image_size).network(run)
