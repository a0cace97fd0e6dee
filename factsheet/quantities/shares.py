"""How far a share of right answers may be off by which examples were drawn."""

from __future__ import annotations

import math
from statistics import NormalDist


def share_interval(share: float, examples: int, confidence: float) -> tuple[float, float]:
    """Return the interval of a share of right answers that so many examples give; Wilson, JASA 22, 1927.

    Args:
        share: of the examples, 0 to 1.
        examples: at least 1.
        confidence: above 0 and below 1.
    """
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / examples
    middle = (share + z2 / 2) / (1 + z2)
    reach = math.sqrt(z2 * share * (1 - share) + z2 * z2 / 4) / (1 + z2)
    return max(0.0, middle - reach), min(1.0, middle + reach)
