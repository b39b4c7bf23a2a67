from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.compare import Comparison, compare, summary_of
from tests.content.comparing import BENEFITS, GOALS, TITLES, document, shown, sides, text


def body_change(old: str, new: str) -> str:
    (block,) = compare(document(text("a", old)), document(text("a", new)), titles=TITLES).blocks
    (field,) = block.fields
    return shown(field)


# Words


def test_a_changed_word_is_seen_alone() -> None:
    assert body_change("<p>We give less care.</p>", "<p>We give MORE care.</p>") == (
        "‹paragraph› We give[- less-][+ MORE+] care."
    )


def test_a_word_taken_out_takes_its_space_along() -> None:
    assert body_change("<p>less care</p>", "<p>care</p>") == "‹paragraph›[- less-] care"
    assert body_change("<p>care less</p>", "<p>care</p>") == "‹paragraph› care[- less-]"


def test_punctuation_is_compared_apart_from_its_word() -> None:
    assert body_change("<p>Call us.</p>", "<p>Call us!</p>") == "‹paragraph› Call us[-.-][+!+]"


def test_a_comma_that_stayed_does_not_chop_a_rewritten_sentence() -> None:
    assert body_change("<p>Come in, please.</p>", "<p>Go out, now.</p>") == (
        "‹paragraph›[- Come in, please-][+ Go out, now+]."
    )


def test_a_word_shared_by_chance_does_not_chop_a_rewritten_sentence() -> None:
    assert body_change("<p>Come in quietly and sit right down.</p>", "<p>Go out fast and stand up straight.</p>") == (
        "‹paragraph›[- Come in quietly and sit right down-][+ Go out fast and stand up straight+]."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>Two  words</p>", "<p>Two words </p>"),
        ("<ul><li>One</li>\n<li>Two</li></ul>", "<ul><li><p>One</p></li><li><p>Two</p></li></ul>"),
        ("<p>One</p><p></p>", "<p>One</p>"),
        ("<p>Tom &amp; Ann</p>", "<p>Tom &#38; Ann</p>"),
    ],
)
def test_what_no_reader_sees_is_no_change(old: str, new: str) -> None:
    comparison = compare(document(text("a", old)), document(text("a", new)))
    assert not comparison.has_changes
    assert not comparison.is_identical
    assert summary_of(comparison) == "No difference that a reader sees"


# Structure


def test_a_heading_that_became_a_paragraph_is_seen() -> None:
    assert body_change("<h2>Aims</h2>", "<p>Aims</p>") == "[-‹heading›-][+‹paragraph›+] Aims"


def test_a_changed_link_target_is_seen() -> None:
    assert body_change('<p>See <a href="/a/">this</a>.</p>', '<p>See <a href="/b/">this</a>.</p>') == (
        "‹paragraph› See[-‹link to /a/›-][+‹link to /b/›+] this‹end of link›."
    )


def test_a_link_to_a_page_is_named_by_its_title() -> None:
    change = body_change(f'<p><a href="page:{GOALS}">x</a></p>', f'<p><a href="page:{BENEFITS}">x</a></p>')
    assert "[-‹link to “Goals”›-][+‹link to “Benefits”›+]" in change


def test_added_bold_is_seen() -> None:
    assert body_change("<p>Call 988 now</p>", "<p>Call <strong>988</strong> now</p>") == (
        "‹paragraph› Call[+‹bold›+] 988[+‹end of bold›+] now"
    )


def test_a_list_that_became_numbered_is_seen() -> None:
    assert body_change("<ul><li>One</li></ul>", "<ol><li>One</li></ol>") == "[-‹list item›-][+‹numbered item›+] One"


def test_an_item_moved_into_a_list_within_is_seen() -> None:
    change = body_change(
        "<ul><li>One</li><li>Two</li></ul>", "<ul><li><p>One</p><ul><li><p>Two</p></li></ul></li></ul>"
    )
    assert "[-‹list item›-]" in change
    assert "[+‹list item, level 2›+]" in change


def test_marks_are_told_apart_from_words_that_look_like_them() -> None:
    (block,) = compare(document(text("a", "<h2>Aims</h2>")), document(text("a", "<h2>‹heading› Aims</h2>"))).blocks
    assert [segment.is_mark for segment in block.fields[0].segments if segment.text.strip() == "‹heading›"] == [
        True,
        False,
    ]


def test_no_raw_html_is_shown() -> None:
    change = body_change(
        "<p>a <em>b</em><br>c</p><blockquote><p>d</p></blockquote>", '<h3>e</h3><p><a href="/x/">f</a></p>'
    )
    assert "<" not in change


# Every text can be read back


def read_back(comparison: Comparison, name: str) -> tuple[str, str] | None:
    for field in (*comparison.fields, *(field for block in comparison.blocks for field in block.fields)):
        if field.name == name:
            return sides(field.segments)
    return None


words = st.lists(
    st.sampled_from(["care", "less", "MORE", ",", ".", " ", "\n", "a", "a b", "don’t", "‹heading›"]), max_size=30
)


@settings(deadline=None)
@given(st.one_of(words.map(" ".join), words.map("".join), st.text()), st.one_of(words.map(" ".join), st.text()))
def test_segments_make_both_plain_texts(old: str, new: str) -> None:
    spaced = " ".join(old.split()), " ".join(new.split())
    assert (read_back(compare(document(title=old), document(title=new)), "title") or (spaced[1], spaced[1])) == spaced


inline = st.tuples(st.sampled_from(["{}", "<strong>{}</strong>", '<a href="/{}/">{}</a>', "<em>{}</em> "]), words)
paragraph = st.tuples(
    st.sampled_from(["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", "<ol><li><p>{}</p></li></ol>", "{}"]),
    st.lists(inline, max_size=4),
)


def to_html(paragraphs: list[Any]) -> str:
    return "".join(
        outer.format("".join(tag.replace("{}", " ".join(some)) for tag, some in inner)) for outer, inner in paragraphs
    )


@settings(deadline=None)
@given(*[st.one_of(st.lists(paragraph, max_size=5).map(to_html), st.text())] * 2)
def test_segments_make_both_rich_texts(old: str, new: str) -> None:
    whole_old, whole_new = (
        (read_back(compare(document(), document(text("a", html))), "body") or ("", ""))[1] for html in (old, new)
    )
    both = read_back(compare(document(text("a", old)), document(text("a", new))), "body")
    assert (both or (whole_old, whole_old)) == (whole_old, whole_new)


# Speed


def long_page(seed: int) -> dict[str, Any]:
    """200 blocks of 100 words, as various as prose is."""
    blocks = []
    for number in range(200):
        some = [f"w{(place * place * (seed + 3) + number * 7) % 331 % (20 + place)}" for place in range(100)]
        blocks.append(text(str(number * 37 % 200 if seed else number), f"<p>{' '.join(some)}</p>"))
    return document(*blocks)


def test_two_hundred_blocks_that_all_changed_and_moved_are_compared_at_once() -> None:
    old, new = long_page(0), long_page(1)
    began = time.process_time()
    comparison = compare(old, new)
    assert time.process_time() - began < 1
    assert sum(block.change == "changed" for block in comparison.blocks) == 200


MANY = range(30_000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Two words only: each fits everywhere. Swapped neighbours: one word fits, thousands of times.
        pytest.param(["ab"[n * n // 3 % 2] for n in MANY], ["ab"[n * n // 5 % 2] for n in MANY], id="two words"),
        pytest.param([f"w{n}" for n in MANY], [f"w{n ^ 1}" for n in MANY], id="swapped"),
    ],
)
def test_a_giant_field_takes_no_giant_time(old: list[str], new: list[str]) -> None:
    began = time.process_time()
    comparison = compare(document(text("a", " ".join(old))), document(text("a", " ".join(new))))
    assert time.process_time() - began < 5
    ((field,),) = (block.fields for block in comparison.blocks)
    assert [side.split()[1:] for side in sides(field.segments)] == [old, new]


def test_a_changed_word_in_a_giant_field_is_still_found() -> None:
    sentences = [f"Sentence number {number} is here." for number in range(900)]
    old = "<p>" + " ".join(sentences) + "</p>"
    new = old.replace("number 7 is", "number seven is").replace("number 850 is", "number 850 was")
    change = body_change(old, new)
    assert "[- 7-][+ seven+]" in change
    assert "[- is-][+ was+]" in change
    assert change.count("[-") == 2
