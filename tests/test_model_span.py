"""Places: spans and pointers as people read them."""

import pytest

from handoff.model.span import TOP, Pointer, Span, format_pointer, line_span


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ((), ""),
        (("company",), "company"),
        (("events", 2, "next", "due"), "events[2].next.due"),
        (("scope", "included", 0), "scope.included[0]"),
        ((0, "id"), "[0].id"),
        (("a", 0, 1), "a[0][1]"),
    ],
)
def test_pointer_reads_like_code(pointer: Pointer, text: str) -> None:
    assert format_pointer(pointer) == text


def test_the_span_of_a_line_ends_after_its_last_code_point() -> None:
    assert line_span(3, "owner: \N{ROCKET}") == Span(3, 1, 3, 9)
    assert line_span(1, "") == TOP


def test_spans_sort_as_they_stand_in_the_file() -> None:
    spans = [Span(2, 1, 2, 5), Span(1, 9, 1, 9), Span(1, 2, 3, 1), Span(1, 2, 1, 4)]
    assert sorted(spans) == [spans[3], spans[2], spans[1], spans[0]]
