from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from content.compare import BlockChange, compare, summary_of
from tests.content.comparing import BENEFITS, GOALS, TITLES, document, shown, text, texts

# Blocks


def changes(old: str, new: str) -> list[tuple[str, str, bool]]:
    comparison = compare(document(*texts(old)), document(*texts(new)))
    return [(block.uid, block.change, block.is_moved) for block in comparison.blocks]


def test_without_an_old_document_everything_is_added() -> None:
    comparison = compare(None, document(*texts("ab"), summary="Short."))
    assert [block.change for block in comparison.blocks] == ["added", "added"]
    assert [shown(field) for field in comparison.fields] == ["[+A title+]", "[+Short.+]"]


def test_the_same_document_has_no_changes() -> None:
    comparison = compare(document(*texts("ab")), document(*texts("ab")))
    assert comparison.is_identical
    assert not comparison.has_changes
    assert summary_of(comparison) == "No difference"


def test_a_moved_block_is_moved_and_not_removed_and_added() -> None:
    assert changes("abcd", "dabc") == [
        ("d", "unchanged", True),
        ("a", "unchanged", False),
        ("b", "unchanged", False),
        ("c", "unchanged", False),
    ]


def test_a_block_can_be_moved_and_changed() -> None:
    old, new = document(*texts("abc")), document(text("c", "<p>Other.</p>"), *texts("ab"))
    block = compare(old, new).blocks[0]
    assert (block.change, block.is_moved, block.old_number, block.new_number) == ("changed", True, 3, 1)


def test_a_removed_block_is_shown_where_it_was() -> None:
    assert changes("abc", "ac") == [("a", "unchanged", False), ("b", "removed", False), ("c", "unchanged", False)]
    assert changes("abc", "ab")[-1] == ("c", "removed", False)


def test_an_added_block_shifts_the_others_without_moving_them() -> None:
    assert changes("ab", "xab") == [("x", "added", False), ("a", "unchanged", False), ("b", "unchanged", False)]


def test_a_block_in_place_of_another_comes_after_it_and_both_show_all_their_words() -> None:
    comparison = compare(document(*texts("a")), document(*texts("b")))
    assert [shown(block.fields[0]) for block in comparison.blocks] == [
        "[-‹paragraph›-][- Words of a.-]",
        "[+‹paragraph›+][+ Words of b.+]",
    ]


def test_two_blocks_with_one_uid_lose_nothing() -> None:
    old = document(text("a", "<p>One</p>"), text("a", "<p>Two</p>"))
    assert [block.change for block in compare(old, document(text("a", "<p>One</p>"))).blocks] == [
        "unchanged",
        "removed",
    ]


@settings(deadline=None)
@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh")), st.sets(st.sampled_from("abcdefgh")))
def test_both_orders_can_be_read_from_a_comparison(order: list[str], left_out: set[str], is_new: set[str]) -> None:
    old = [uid for uid in "abcdefgh" if uid not in is_new]
    new = [uid for uid in order if uid not in left_out]
    blocks = compare(document(*texts("".join(old))), document(*texts("".join(new)))).blocks
    assert [block.uid for block in blocks if block.new_number] == new
    assert [block.uid for block in sorted(filter(_is_old, blocks), key=_old_number)] == old
    in_place = [block.old_number for block in blocks if _is_old(block) and block.new_number and not block.is_moved]
    assert in_place == sorted(in_place)


def _is_old(block: BlockChange) -> bool:
    return block.old_number is not None


def _old_number(block: BlockChange) -> int:
    return block.old_number or 0


# Fields


def page_change(old: Any, new: Any, name: str = "title") -> str:
    (field,) = compare(document(**{name: old}), document(**{name: new}), titles=TITLES).fields
    assert field.name == name
    return shown(field)


def test_page_fields_are_compared() -> None:
    assert page_change("Our aims", "Our goals") == "Our[- aims-][+ goals+]"
    assert page_change(10, 20, "order") == "[-10-][+20+]"
    assert page_change("guide", "site", "section") == "[-guide-][+site+]"


def test_related_pages_are_named_by_title() -> None:
    assert page_change([GOALS], [GOALS, BENEFITS], "related") == "Goals[+\nBenefits+]"


def test_fields_come_in_reading_order() -> None:
    comparison = compare(document(), document(zebra=1, summary="s", slug="x"))
    assert [field.name for field in comparison.fields] == ["slug", "summary", "zebra"]


def test_a_field_that_is_not_known_yet_is_compared() -> None:
    change = page_change(
        {"rows": ["one", "two"], "is_wide": True}, {"rows": ["one", "three"], "is_wide": True}, "table"
    )
    assert "[- two-]" in change.replace("\n", " ")
    assert "three" in change
    assert "yes" in change


def test_rich_text_in_a_field_that_is_not_known_yet_is_shown_without_tags() -> None:
    old, new = ({"type": "future", "uid": "a", "story": story} for story in ("<p>One</p>", "<h2>One</h2>"))
    assert shown(compare(document(old), document(new)).blocks[0].fields[0]) == "[-‹paragraph›-][+‹heading›+] One"


def image(digest: str, alt: str = "A door") -> dict[str, Any]:
    return {"type": "image", "uid": "i", "alt": alt, "picture": {"digest": digest, "width": 1, "height": 1}}


def test_another_picture_is_said_to_be_replaced() -> None:
    (field,) = compare(document(image("a" * 64)), document(image("b" * 64))).blocks[0].fields
    assert [segment.text for segment in field.segments] == ["picture replaced"]
    assert (field.old["digest"], field.new["digest"]) == ("a" * 64, "b" * 64)


def test_the_same_picture_with_other_words_is_not_replaced() -> None:
    (field,) = compare(document(image("a" * 64)), document(image("a" * 64, "A window"))).blocks[0].fields
    assert shown(field) == "A[- door-][+ window+]"


def test_a_changed_target_of_a_button_is_named() -> None:
    old, new = ({"type": "call_to_action", "uid": "c", "target": target} for target in (None, GOALS))
    assert shown(compare(document(old), document(new), titles=TITLES).blocks[0].fields[0]) == "[+Goals+]"


# The line of counts


def test_the_summary_counts_what_happened() -> None:
    old = document(*texts("abcd"))
    new = document(text("d", "<p>Other.</p>"), *texts("ae"), text("c", "<p>New.</p>"), title="Another title")
    assert summary_of(compare(old, new)) == (
        "1 page field changed, 2 blocks changed, 1 block moved, 1 block added, 1 block removed"
    )
