"""Identity: which paths name a record, and which only look as if they did."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.identity import (
    SLUG_LIMIT,
    Identity,
    Kind,
    is_slug,
    parse_path,
    parse_stem,
    tree_of,
)

_DAY = date(2026, 4, 2)
_WORDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,6}", fullmatch=True)
_FOLDER = "opportunities/2026/04/"


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        (
            "opportunities/2026/04/acme-robotics-2026-04-02.md",
            Identity(Kind.OPPORTUNITY, "acme-robotics", _DAY),
        ),
        (
            "opportunities/2026/04/acme-robotics-2026-04-02-2.md",
            Identity(Kind.OPPORTUNITY, "acme-robotics", _DAY, 2),
        ),
        (
            "opportunities/2026/04/7-2026-04-02-999.md",
            Identity(Kind.OPPORTUNITY, "7", _DAY, 999),
        ),
        (
            "opportunities/2026/04/acme-2025-01-01-2026-04-02.md",
            Identity(Kind.OPPORTUNITY, "acme-2025-01-01", _DAY),
        ),
        (
            "opportunities/2026/04/acme-2-2026-04-02.md",
            Identity(Kind.OPPORTUNITY, "acme-2", _DAY),
        ),
        (
            f"opportunities/2026/04/{'a' * SLUG_LIMIT}-2026-04-02.md",
            Identity(Kind.OPPORTUNITY, "a" * SLUG_LIMIT, _DAY),
        ),
        (
            "handoffs/2026/04/assessment-acme-robotics-2026-04-21.md",
            Identity(Kind.PACKET, "assessment-acme-robotics", date(2026, 4, 21)),
        ),
        (
            f"handoffs/2026/04/{'s' * 60}-{'c' * 60}-2026-04-21.md",
            Identity(Kind.PACKET, f"{'s' * 60}-{'c' * 60}", date(2026, 4, 21)),
        ),
    ],
)
def test_path_is_read_and_written_back(path: str, identity: Identity) -> None:
    assert parse_path(path) == identity
    assert identity.path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "opportunities",
        "acme-2026-04-02.md",
        "opportunities/acme-2026-04-02.md",
        "opportunities/2026/acme-2026-04-02.md",
        "opportunities/2026/05/acme-2026-04-02.md",
        "opportunities/2025/04/acme-2026-04-02.md",
        "opportunities/2026/4/acme-2026-04-02.md",
        "opportunities/2026/04/02/acme-2026-04-02.md",
        "opportunities/2026/04/../04/acme-2026-04-02.md",
        "opportunities/2026/04/./acme-2026-04-02.md",
        "opportunities//2026/04/acme-2026-04-02.md",
        "../opportunities/2026/04/acme-2026-04-02.md",
        "./opportunities/2026/04/acme-2026-04-02.md",
        "/opportunities/2026/04/acme-2026-04-02.md",
        "Opportunities/2026/04/acme-2026-04-02.md",
        "deals/2026/04/acme-2026-04-02.md",
        "opportunities\\2026\\04\\acme-2026-04-02.md",
        "opportunities/2026/04/Acme-2026-04-02.md",
        "opportunities/2026/04/acme-2026-04-02.MD",
        "opportunities/2026/04/acme-2026-04-02.md\n",
        "opportunities/2026/04/acme-2026-04-02\n.md",
        "opportunities/2026/04/ acme-2026-04-02.md",
        "opportunities/2026/04/acme-2026-04-02.markdown",
        "opportunities/2026/04/acme-2026-04-02",
        "opportunities/2026/04/acme-2026-04-02.md.md",
        "opportunities/2026/04/acme-2026-04-02.md/acme-2026-04-02.md",
        "opportunities/2026/04/acme.md",
        "opportunities/2026/04/2026-04-02.md",
        "opportunities/2026/04/-2026-04-02.md",
        "opportunities/2026/04/acme--2026-04-02.md",
        "opportunities/2026/04/acme_robotics-2026-04-02.md",
        "opportunities/2026/04/acmé-2026-04-02.md",
        "opportunities/2026/04/\N{CYRILLIC SMALL LETTER A}cme-2026-04-02.md",
        "opportunities/2026/04/acme\N{ZERO WIDTH SPACE}-2026-04-02.md",
        "opportunities/2026/04/acme-2026-04-31.md",
        "opportunities/2026/04/acme-2026-4-2.md",
        "opportunities/2026/04/acme-2026-04-02-0.md",
        "opportunities/2026/04/acme-2026-04-02-1.md",
        "opportunities/2026/04/acme-2026-04-02-02.md",
        "opportunities/2026/04/acme-2026-04-02-1000.md",
        "opportunities/2026/04/acme-2026-04-02--2.md",
        "opportunities/2026/04/acme-2026-04-02-b.md",
        "opportunities/2026/04/acme-2026-04-02-\N{ARABIC-INDIC DIGIT TWO}.md",
        "opportunities/2026/04/con-2026-04-02.md",
        "opportunities/2026/04/nul-2026-04-02.md",
        "opportunities/2026/04/com1-2026-04-02.md",
        f"opportunities/2026/04/{'a' * (SLUG_LIMIT + 1)}-2026-04-02.md",
        f"handoffs/2026/04/{'a' * (2 * SLUG_LIMIT + 2)}-2026-04-02.md",
    ],
)
def test_path_is_refused(path: str) -> None:
    assert parse_path(path) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("opportunities/2026/04/acme-2026-04-02.md", Kind.OPPORTUNITY),
        ("handoffs/notes.txt", Kind.PACKET),
        ("handoffs", Kind.PACKET),
        ("handoffs-old/2026/04/a-b-2026-04-02.md", None),
        ("docs/opportunities/2026/04/acme-2026-04-02.md", None),
        ("", None),
    ],
)
def test_tree_is_the_top_folder(path: str, kind: Kind | None) -> None:
    assert tree_of(path) is kind


@pytest.mark.parametrize(
    "text", ["acme", "acme-robotics", "7", "a-1-b", "0", "a" * 60, "console", "com10"]
)
def test_slug_is_accepted(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "a-",
        "-a",
        "a--b",
        "A",
        "a_b",
        "a b",
        "a.b",
        "a/b",
        "..",
        "a\n",
        "é",
        "a" * 61,
        "con",
        "prn",
        "aux",
        "nul",
        "com1",
        "lpt9",
        "\N{FULLWIDTH DIGIT ONE}",
    ],
)
def test_slug_is_refused(text: str) -> None:
    assert not is_slug(text)


def test_stem_names_a_record_without_its_folder() -> None:
    second = Identity(Kind.PACKET, "assessment-acme", _DAY, 2)
    assert second.stem == "assessment-acme-2026-04-02-2"
    assert parse_stem(Kind.PACKET, second.stem) == second
    assert parse_stem(Kind.PACKET, f"{second.stem}.md") is None


def test_a_long_name_is_refused_quickly() -> None:
    assert parse_path(f"{_FOLDER}{'a-' * 50_000}2026-04-02.md") is None


def test_identities_sort_by_name_and_day_then_number() -> None:
    first, second = (Identity(Kind.OPPORTUNITY, "acme", _DAY, n) for n in (1, 2))
    later = Identity(Kind.OPPORTUNITY, "acme", date(2026, 4, 3))
    assert sorted([later, second, first]) == [first, second, later]


@settings(deadline=None)
@given(
    st.sampled_from(Kind),
    _WORDS,
    st.dates(date(1970, 1, 1), date(8999, 12, 31)),
    st.integers(1, 999),
)
def test_every_identity_is_read_back_from_its_path(
    kind: Kind, slug: str, day: date, number: int
) -> None:
    identity = Identity(kind, slug, day, number)
    is_readable = "-" in slug if kind is Kind.PACKET else is_slug(slug)
    expected = identity if is_readable else None
    assert parse_path(identity.path) == expected


@settings(deadline=None)
@given(st.text(), st.sampled_from(["", _FOLDER, "handoffs/2026/04/"]))
def test_a_path_that_is_read_is_the_one_written(text: str, folder: str) -> None:
    path = f"{folder}{text}.md"
    identity = parse_path(path)
    assert identity is None or identity.path == path
