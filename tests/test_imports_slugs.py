"""Slugs of foreign names and ids: readable, and never the same for two ids."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.imports.slugs import id_slug, record_slug, slug_of
from handoff.model.identity import SLUG_LIMIT, is_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zephyr Kites", "zephyr-kites"),
        ("  Søren & Łucja Straße GmbH ", "soren-lucja-strasse-gmbh"),
        ("Crème Brûlée S.A.", "creme-brulee-s-a"),
        ("株式会社", ""),
        ("---", ""),
        ("x" * 99, "x" * SLUG_LIMIT),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("exact", "slug"),
    [
        ("1C1I7A6R", "1c1i7a6r"),
        ("8812345", "8812345"),
        ("deal-77", "deal-77"),
        ("006A0000001xYzVIAU", "006a0000001xyzviau"),  # its end says the case
    ],
)
def test_an_id_becomes_a_slug(exact: str, slug: str) -> None:
    assert id_slug(exact) == slug


@pytest.mark.parametrize(
    ("exact", "start"),
    [
        ("006A0000001xYzV", "006a0000001xyzv-"),
        ("006A0000001xYzVIAA", "006a0000001xyzviaa-"),  # its end says another case
        ("deal 77", "deal-77-"),
        ("con", "con-"),
        ("凧", ""),
    ],
)
def test_an_id_that_would_lose_something_gets_a_digest(exact: str, start: str) -> None:
    assert re.fullmatch(f"{start}[0-9a-f]{{8}}", id_slug(exact))


def test_short_salesforce_ids_that_differ_by_case_stay_apart() -> None:
    ids = ["006A000000abcDE", "006A000000ABCDE", "006a000000abcde"]
    assert len({id_slug(exact) for exact in ids}) == len(ids)


def test_a_long_company_is_cut_and_the_id_is_not() -> None:
    slug = record_slug("a very long company name " * 9, "1C1I7A6R")
    assert slug.endswith("-1c1i7a6r")
    assert len(slug) <= SLUG_LIMIT
    assert is_slug(slug)


_IDS = st.text(string.ascii_letters + string.digits + "-_ /.", min_size=1, max_size=70)


@settings(deadline=None)
@given(st.text(max_size=70), _IDS | st.text(min_size=1, max_size=70))
def test_every_company_and_id_make_a_slug(company: str, exact: str) -> None:
    assert is_slug(record_slug(company, exact))


@settings(deadline=None)
@given(_IDS, _IDS)
def test_different_ids_make_different_slugs(one: str, other: str) -> None:
    is_case_only = one.lower() == other.lower() and one.upper() in {one, other}
    if one != other and not is_case_only:
        assert id_slug(one) != id_slug(other)
