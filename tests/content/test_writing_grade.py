from __future__ import annotations

import pytest

from content.writing.grade import automated_readability_index, coleman_liau_index, reading_grade


def sentences(*, count: int, words: int, word: str) -> list[str]:
    return [" ".join([word] * words) + "." for _ in range(count)]


def test_the_automated_readability_index() -> None:
    # 4.71 × 400/100 + 0.5 × 100/10 − 21.43 = 18.84 + 5 − 21.43
    assert automated_readability_index(characters=400, words=100, sentences=10) == pytest.approx(2.41)


def test_the_coleman_liau_index() -> None:
    # 0.0588 × 400 − 0.296 × 10 − 15.8 = 23.52 − 2.96 − 15.8
    assert coleman_liau_index(letters=400, words=100, sentences=10) == pytest.approx(4.76)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # The two above: (2.41 + 4.76) / 2 = 3.585
        (sentences(count=10, words=10, word="care"), 4),
        # 4.71 × 6 + 0.5 × 20 − 21.43 = 16.83; 0.0588 × 600 − 0.296 × 5 − 15.8 = 18; mean 17.415
        (sentences(count=5, words=20, word="friend"), 17),
        # 4.71 × 2 + 0.5 × 5 − 21.43 = −9.51, and less still by the other
        (sentences(count=20, words=5, word="we"), 0),
        # Digits are characters but not letters: 2.41 as above; 0.0588 × 300 − 2.96 − 15.8 = −1.12; mean 0.645
        (sentences(count=10, words=10, word="hat1"), 1),
    ],
)
def test_the_grade_is_the_mean_of_both_rounded(text: list[str], grade: int) -> None:
    assert reading_grade(text) == grade


def test_punctuation_does_not_count() -> None:
    plain = sentences(count=10, words=10, word="care")
    assert reading_grade([f"“{sentence}” —" for sentence in plain]) == reading_grade(plain)


def test_a_text_of_fewer_than_a_hundred_words_has_no_grade() -> None:
    assert reading_grade(sentences(count=1, words=99, word="care")) is None
    assert reading_grade([]) is None
