"""The register of derivations: one function for each group of facts, in the order of registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact

    Derivation = Callable[[PointContext], Iterable[DerivedFact]]


class Registry:
    """Derivations by the name of the fact that they derive."""

    def __init__(self, *parts: Registry) -> None:
        """Start with the derivations of other registers.

        Raises:
            ValueError: two of them derive the same fact.
        """
        self._derivations: dict[str, Derivation] = {}
        for part in parts:
            for name, derivation in part._derivations.items():  # noqa: SLF001  of the same class
                self.derives(name)(derivation)

    def derives(self, name: str) -> Callable[[Derivation], Derivation]:
        """Register the decorated function under a name.

        Raises:
            ValueError: the name is taken; two derivations of one fact would contradict each other.
        """

        def register(derivation: Derivation) -> Derivation:
            if name in self._derivations:
                raise ValueError(f"`{name}` is derived twice")
            self._derivations[name] = derivation
            return derivation

        return register

    @property
    def names(self) -> tuple[str, ...]:
        """Every registered name."""
        return tuple(self._derivations)

    def run(self, context: PointContext) -> Iterator[DerivedFact]:
        """Derive every fact."""
        for derivation in self._derivations.values():
            yield from derivation(context)
