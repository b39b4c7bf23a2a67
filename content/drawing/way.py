"""The way from a message to the first day: a path that swings from side to side, one bend a step."""

from __future__ import annotations

# The view box of one bend is WIDTH by LENGTH; it is stretched to the height of the words beside it.
WIDTH, LENGTH = 56, 100
NEAR, FAR = 18, 38


def bends(steps: int) -> list[str]:
    """Path data from each step to the next, in turn from near to far and back; '' after the last."""
    pair = (_bend(NEAR, FAR), _bend(FAR, NEAR))
    return [pair[number % 2] for number in range(steps - 1)] + [""]


def _bend(start: int, end: int) -> str:
    middle = LENGTH // 2
    return f"M{start} 0C{start} {middle} {end} {middle} {end} {LENGTH}"
