"""How far a word is from being another."""

from __future__ import annotations


def distance(one: str, other: str, limit: int) -> int:
    """Letters to add, drop, replace or swap with their neighbour to get from one word to the other.

    Optimal string alignment: the recurrence of Damerau, A technique for computer detection and correction of spelling
    errors, Communications of the ACM 7 (1964), 171-176, where no letter is touched twice.

    Returns:
        The distance, or `limit + 1` as soon as it is sure to be more than `limit`.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and (not before or min(before) > limit):
            return limit + 1
    return min(row[-1], limit + 1)
