"""Two lists of tokens → segments: runs that are equal, deleted or inserted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby
from typing import Literal

from content.compare.tokens import Token

SegmentKind = Literal["equal", "insert", "delete"]
# difflib's form: what to do, from and to in the old list, from and to in the new one.
Opcode = tuple[str, int, int, int, int]

# Above either, a text is compared sentence by sentence first: matching costs up to the product of both lengths.
MOST_TOKENS = 4_000
MOST_PAIRS = 200_000
SENTENCE_ENDS = {".", "!", "?", "…"}


@dataclass(frozen=True)
class Segment:
    """`is_mark`: not the page's words but a sign for its structure, such as ‹heading› or ‹link to /goals/›."""

    kind: SegmentKind
    text: str
    is_mark: bool = False


def segments_between(old: Sequence[Token], new: Sequence[Token]) -> tuple[Segment, ...]:
    """Equal and deleted segments, joined, make the old text; equal and inserted ones the new."""
    writer = _Writer()
    for kind, i1, i2, j1, j2 in _legible(list(_opcodes(old, new)), old):
        if kind == "equal":
            for before, after in zip(old[i1:i2], new[j1:j2], strict=True):
                writer.equal(before, after)
        else:
            for token in old[i1:i2]:
                writer.delete(token)
            for token in new[j1:j2]:
                writer.insert(token)
    return writer.finished()


class _Writer:
    """Between two equal runs, everything deleted comes before everything inserted."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._deleted: list[Segment] = []
        self._inserted: list[Segment] = []

    def equal(self, before: Token, after: Token) -> None:
        if before.lead != after.lead:
            _append(self._deleted, "delete", before.lead)
            _append(self._inserted, "insert", after.lead)
        self._flush()
        if before.lead == after.lead:
            _append(self._segments, "equal", before.lead)
        _append(self._segments, "equal", before.text, before.is_mark)

    def delete(self, token: Token) -> None:
        _append(self._deleted, "delete", token.lead)
        _append(self._deleted, "delete", token.text, token.is_mark)

    def insert(self, token: Token) -> None:
        _append(self._inserted, "insert", token.lead)
        _append(self._inserted, "insert", token.text, token.is_mark)

    def finished(self) -> tuple[Segment, ...]:
        self._flush()
        return tuple(_merged(self._segments))

    def _flush(self) -> None:
        self._segments += self._deleted + self._inserted
        self._deleted, self._inserted = [], []


def _append(segments: list[Segment], kind: SegmentKind, text: str, is_mark: bool = False) -> None:
    if text:
        segments.append(Segment(kind, text, is_mark))


def _merged(segments: list[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one segment; marks stay apart."""
    for (kind, is_mark), run in groupby(segments, key=lambda segment: (segment.kind, segment.is_mark)):
        if is_mark:
            yield from run
        else:
            yield Segment(kind, "".join(segment.text for segment in run))


# Finding what is equal


def _opcodes(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Opcode]:
    old_keys, new_keys = [token.key for token in old], [token.key for token in new]
    for opcode in _matched(old_keys, new_keys):
        kind, i1, i2, j1, j2 = opcode
        if kind != "equal" and i1 < i2 and j1 < j2 and not _is_small(old_keys[i1:i2], new_keys[j1:j2]):
            yield from _by_sentence(old_keys, new_keys, opcode)
        else:
            yield opcode


def _matched(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Opcode]:
    """difflib's opcodes for what lies between a common beginning and a common end; one `replace` if that is large."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", 0, head, 0, head
    if _is_small(middle_old, middle_new):
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            yield kind, i1 + head, i2 + head, j1 + head, j2 + head
    else:
        yield "replace", head, len(old) - tail, head, len(new) - tail
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _is_small(old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
    if len(old) + len(new) > MOST_TOKENS:
        return False
    counts = Counter(old)
    return sum(counts[key] for key in new) <= MOST_PAIRS


def _by_sentence(old_keys: list[str], new_keys: list[str], opcode: Opcode) -> Iterator[Opcode]:
    """A large `replace` matched by whole sentences, then by words within those that differ."""
    _kind, i1, i2, j1, j2 = opcode
    old, new = _sentences(old_keys[i1:i2]), _sentences(new_keys[j1:j2])
    old_starts, new_starts = _starts(old, i1), _starts(new, j1)
    for kind, a1, a2, b1, b2 in _matched(old, new):
        x1, x2, y1, y2 = old_starts[a1], old_starts[a2], new_starts[b1], new_starts[b2]
        if kind == "equal":
            yield kind, x1, x2, y1, y2
        else:
            for kind_, s1, s2, t1, t2 in _matched(old_keys[x1:x2], new_keys[y1:y2]):
                yield kind_, s1 + x1, s2 + x1, t1 + y1, t2 + y1


def _sentences(keys: Sequence[str]) -> list[tuple[str, ...]]:
    sentences: list[tuple[str, ...]] = []
    start = 0
    for place, key in enumerate(keys, start=1):
        if key in SENTENCE_ENDS or place == len(keys):
            sentences.append(tuple(keys[start:place]))
            start = place
    return sentences


def _starts(sentences: list[tuple[str, ...]], offset: int) -> list[int]:
    return list(accumulate((len(sentence) for sentence in sentences), initial=offset))


def _legible(opcodes: list[Opcode], old: Sequence[Token]) -> list[Opcode]:
    """Takes an equal run into the changes around it where it would only chop them up."""
    return [
        ("replace", *opcode[1:])
        if 0 < place < len(opcodes) - 1 and _is_chaff(opcodes[place - 1 : place + 2], old)
        else opcode
        for place, opcode in enumerate(opcodes)
    ]


def _is_chaff(around: Sequence[Opcode], old: Sequence[Token]) -> bool:
    """Whether the middle one of three is equal in punctuation alone, or in one or two words between longer changes."""
    before, (kind, i1, i2, _j1, _j2), after = around
    if kind != "equal" or "equal" in {before[0], after[0]} or any(token.is_mark for token in old[i1:i2]):
        return False
    if not any(token.key[0].isalnum() for token in old[i1:i2]):
        return True
    return i2 - i1 <= 2 and i2 - i1 < min(max(op[2] - op[1], op[4] - op[3]) for op in (before, after))
