from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from admissions.references import ALPHABET, LENGTH, is_reference, normalise, reference_for, spoken

references = st.builds(lambda number: reference_for(str(number)), st.integers())
positions = st.integers(0, LENGTH - 1)


@given(references)
def test_a_new_reference_is_one(reference: str) -> None:
    assert len(reference) == 8
    assert is_reference(reference)


@given(references, positions, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(reference: str, position: int, wrong: str) -> None:
    changed = reference[:position] + wrong + reference[position + 1 :]
    assert is_reference(changed) == (changed == reference)


@given(references, positions, positions)
def test_two_characters_that_changed_places_are_always_noticed(reference: str, first: int, second: int) -> None:
    characters = list(reference)
    characters[first], characters[second] = characters[second], characters[first]
    changed = "".join(characters)
    assert is_reference(changed) == (changed == reference)


@given(st.text(max_size=20))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_reference(normalise(text)) in {True, False}


@given(references)
def test_people_may_write_it_in_lower_case_with_spaces_and_hyphens(reference: str) -> None:
    assert normalise(f" {reference[:4].lower()}-{reference[4:].lower()}\t") == reference
    assert normalise(spoken(reference)) == reference


def test_the_alphabet_is_prime_and_has_no_vowels_and_no_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set(ALPHABET) & set("AEIOU01LSBZ")


def test_references_do_not_repeat() -> None:
    assert len({reference_for(str(number)) for number in range(2000)}) == 2000


def test_a_form_has_the_same_reference_everywhere_and_another_for_each_attempt() -> None:
    assert reference_for("key") == reference_for("key")
    assert len({reference_for("key", attempt) for attempt in range(20)}) == 20
