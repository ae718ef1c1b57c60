"""Amounts of exports in minor units, or the reason why not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.imports.money import Flaw, read_amount


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "amount"),
    [
        ("1054", "USD", "", 105400),
        ("1054.5", "USD", "", 105450),
        ("$1,234.50", "USD", "", 123450),
        ("1.234,50 €", "EUR", "", 123450),
        ("$1,234,567", "USD", "", 123456700),
        ("EUR 1.234.567", "EUR", "", 123456700),
        ("1'234.50 CHF", "CHF", "", 123450),
        ("1\u202f234,50\u00a0€", "EUR", "", 123450),
        ("$40,000", "USD", ".", 4000000),
        ("40,000", "EUR", ",", 4000),
        ("40.000", "EUR", ",", 4000000),
        ("1.234", "KWD", ".", 1234),
        ("5000", "JPY", "", 5000),
        ("12.300", "USD", ".", 1230),
    ],
)
def test_an_amount_is_read(text: str, currency: str, decimal: str, amount: int) -> None:
    assert read_amount(text, currency, decimal) == amount


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "flaw"),
    [
        ("$40,000", "USD", "", Flaw.AMBIGUOUS),
        ("1.234", "EUR", "", Flaw.AMBIGUOUS),
        ("1.234,50 €", "USD", "", Flaw.FOREIGN),
        ("EUR 20", "USD", "", Flaw.FOREIGN),
        ("-20", "USD", "", Flaw.MALFORMED),
        ("(20)", "USD", "", Flaw.MALFORMED),
        ("about 20", "USD", "", Flaw.MALFORMED),
        ("1,23,456", "USD", ".", Flaw.MALFORMED),
        ("1,234.50", "USD", ",", Flaw.MALFORMED),
        ("1.2345", "USD", ".", Flaw.TOO_FINE),
        ("10.5", "JPY", "", Flaw.TOO_FINE),
    ],
)
def test_anything_else_is_a_flaw(
    text: str, currency: str, decimal: str, flaw: Flaw
) -> None:
    assert read_amount(text, currency, decimal) is flaw


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_what_is_written_with_both_signs_is_read(amount: int) -> None:
    text = f"{amount // 100:,}.{amount % 100:02}"
    swapped = text.translate(str.maketrans(",.", ".,"))
    assert read_amount(text, "USD", ".") == amount
    assert read_amount(swapped, "USD", ",") == amount


@settings(deadline=None)
@given(st.text(max_size=20), st.sampled_from(["", ".", ","]))
def test_no_text_breaks_it(text: str, decimal: str) -> None:
    assert isinstance(read_amount(text, "USD", decimal), int | Flaw)
