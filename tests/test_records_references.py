"""The one table of fields that name entries of lists."""

from collections.abc import Iterator

import pytest

from handoff.model.identity import Kind
from handoff.records.references import CARRIED, REFERENCES, listed_ids, named
from support.schemas import Part, follow, schema


def _item_ids(part: Part, home: str, at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the paths of all lists of ids that a schema knows."""
    refers = part.get("items", {}).get("$ref", "")
    if refers.endswith("/item_id"):
        yield at
    part, home = follow(part, home)
    if "items" in part:
        yield from _item_ids(part["items"], home, at)
    for name, inner in part.get("properties", {}).items():
        yield from _item_ids(inner, home, (*at, name))


@pytest.mark.parametrize("kind", Kind)
def test_every_list_of_ids_of_a_schema_is_in_the_table(kind: Kind) -> None:
    found = set(_item_ids(schema(kind.value), kind.value, ()))
    assert found <= {reference.field for reference in REFERENCES[kind]}
    assert found


@pytest.mark.parametrize("kind", Kind)
def test_a_field_stands_in_the_table_once(kind: Kind) -> None:
    fields = [reference.field for reference in REFERENCES[kind]]
    assert len(fields) == len(set(fields))


def test_what_is_carried_comes_from_the_opportunity() -> None:
    carried = {r.field[0]: r.lists for r in REFERENCES[Kind.PACKET] if not r.field[1:]}
    assert carried == {name: ((Kind.OPPORTUNITY, p),) for name, p in CARRIED.items()}


def test_ids_are_found_with_their_places() -> None:
    header = {"milestones": [{"id": "M1"}, {"id": "M2", "risks": ["R1", "R2"]}]}
    assert list(named(header, ("milestones", "risks"))) == [
        (("milestones", 1, "risks", 0), "R1"),
        (("milestones", 1, "risks", 1), "R2"),
    ]
    assert list(named(header, ("promises",))) == []
    assert listed_ids(header, ("milestones",)) == ("M1", "M2")
    assert listed_ids({"risks": ["R1"]}, ("risks",)) == ("R1",)
    assert listed_ids(header, ("scope", "excluded")) == ()
