"""What is remembered is found again, or is not there: it is never something else."""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.repository import remembered
from handoff.repository.remembered import Memory, tidy

_STAMP = "one policy"


def _key(number: int) -> str:
    return sha256(b"%d" % number).hexdigest()[:32]


def _known(numbers: range, word: str = "value") -> dict[str, str]:
    return {_key(number): f"{word} {number}" for number in numbers}


@pytest.fixture
def place(tmp_path: Path) -> str:
    """Give where the file is to be."""
    return str(tmp_path / "handoff" / "fine")


def _found(place: str, numbers: range, stamp: str = _STAMP) -> dict[str, str]:
    memory = Memory(place, stamp)
    told = {key: memory.find(key) for key in map(_key, numbers)}
    found = {key: value for key, value in told.items() if value is not None}
    assert found.items() <= memory.recall().items()
    return found


def _settle(place: str, known: Mapping[str, str]) -> None:
    Memory(place, _STAMP).settle(" ".join(known))


def test_what_is_added_is_found(place: str) -> None:
    assert _found(place, range(3)) == {}
    memory = Memory(place, _STAMP)
    assert not memory.is_there
    memory.add(_known(range(2)))
    assert memory.is_there
    memory.add(_known(range(2, 5)))
    assert _found(place, range(9)) == _known(range(5))


def test_another_stamp_knows_nothing_and_begins_anew(place: str) -> None:
    Memory(place, _STAMP).add(_known(range(3)))
    assert _found(place, range(3), "another") == {}
    Memory(place, "another").add(_known(range(1), "new"))
    assert _found(place, range(3)) == {}
    assert _found(place, range(3), "another") == _known(range(1), "new")


def test_what_is_known_already_is_not_written_again(place: str) -> None:
    Memory(place, _STAMP).add(_known(range(3)))
    before = Path(place).read_bytes()
    Memory(place, _STAMP).add(_known(range(3)))
    Memory(place, _STAMP).add({})
    assert Path(place).read_bytes() == before


def test_the_last_word_counts_loose_or_settled(place: str) -> None:
    for word in ("first", "second"):
        Memory(place, _STAMP).add(_known(range(3), word))
        assert _found(place, range(3)) == _known(range(3), word)
    _settle(place, _known(range(3)))
    assert _found(place, range(3)) == _known(range(3), "second")
    Memory(place, _STAMP).add(_known(range(1), "third"))
    assert _found(place, range(1)) == _known(range(1), "third")


@pytest.mark.parametrize("count", [1, 63, 64, 5_000, 20_000])
def test_settled_lines_are_found_by_their_first_digits(place: str, count: int) -> None:
    known = _known(range(count))
    Memory(place, _STAMP).add(known)
    _settle(place, known)
    assert not Memory(place, _STAMP).is_loose
    assert _found(place, range(count + 50)) == known
    Memory(place, _STAMP).add(_known(range(count, count + 3)))
    assert _found(place, range(count + 50)) == _known(range(count + 3))


def test_a_few_loose_lines_stay_and_many_are_settled(place: str) -> None:
    memory = Memory(place, _STAMP)
    memory.add(_known(range(10)))
    few = Path(place).read_bytes()
    tidy(memory, "")
    assert Path(place).read_bytes() == few
    memory.add(_known(range(10, 3_000)))
    assert Memory(place, _STAMP).is_loose
    tidy(memory, " ".join(_known(range(3_000))))
    assert not Memory(place, _STAMP).is_loose
    assert _found(place, range(3_001)) == _known(range(3_000))


def test_what_nobody_needs_goes_where_it_is_too_much(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_STALE", 10)
    Memory(place, _STAMP).add(_known(range(30)))
    _settle(place, _known(range(10)))
    assert _found(place, range(30)) == _known(range(30))
    _settle(place, _known(range(9)))
    assert _found(place, range(30)) == _known(range(9))


def test_one_process_replaces_what_another_reads(place: str) -> None:
    Memory(place, _STAMP).add(_known(range(300)))
    reading = Memory(place, _STAMP)
    assert reading.find(_key(0)) == "value 0"
    _settle(place, _known(range(300)))
    assert all(reading.find(_key(n)) == f"value {n}" for n in range(300))
    reading.add(_known(range(300, 310)))
    assert _found(place, range(320)) == _known(range(310))


def test_two_begin_at_once(place: str) -> None:
    one, two = Memory(place, _STAMP), Memory(place, _STAMP)
    one.add(_known(range(3)))
    two.add(_known(range(3, 6)))
    one.add(_known(range(6, 9)))
    assert _found(place, range(9)) == _known(range(3, 9))


def test_what_another_policy_is_given_meanwhile_is_not_taken(place: str) -> None:
    memory = Memory(place, _STAMP)
    memory.add(_known(range(1)))
    Memory(place, "another").add(_known(range(1, 2)))
    memory.add(_known(range(2, 3)))
    assert _found(place, range(3), "another") == _known(range(1, 2))
    assert _found(place, range(3)) == {}


def test_a_file_that_is_deleted_meanwhile_begins_anew(place: str) -> None:
    memory = Memory(place, _STAMP)
    memory.add(_known(range(2)))
    Path(place).unlink()
    memory.add(_known(range(2, 4)))
    tidy(memory, "")
    assert not Path(place).exists()
    Memory(place, _STAMP).add(_known(range(1)))
    assert _found(place, range(4)) == _known(range(1))


def test_nothing_is_left_of_a_draft(place: str) -> None:
    Memory(place, _STAMP).add(_known(range(300)))
    _settle(place, _known(range(300)))
    assert os.listdir(os.path.dirname(place)) == ["fine"]  # noqa: PTH120, PTH208 - a text, as the code has it


@pytest.mark.parametrize("what", ["folder", "file above"])
def test_where_nothing_can_be_written_nothing_is(what: str, tmp_path: Path) -> None:
    place = tmp_path / "handoff" / "fine"
    if what == "folder":
        place.mkdir(parents=True)
    else:
        place.parent.write_text("in the way")
    memory = Memory(str(place), _STAMP)
    memory.add(_known(range(3)))
    tidy(memory, "")
    assert memory.find(_key(0)) is None
    assert not place.is_file()


_GOOD = _known(range(400))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_takes_away_and_never_changes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = str(tmp_path_factory.getbasetemp() / "damaged" / "fine")
    Path(place).unlink(missing_ok=True)
    Memory(place, _STAMP).add(_known(range(300)))
    _settle(place, _GOOD)
    Memory(place, _STAMP).add(_known(range(300, 400)))
    content = bytearray(Path(place).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.sampled_from([0, 1, 2, 9, 500, len(content)]))
        content[at : at + size] = data.draw(st.binary(max_size=40))
    Path(place).write_bytes(content)
    assert _found(place, range(450)).items() <= _GOOD.items()
    Memory(place, _STAMP).add(_GOOD)
    assert _found(place, range(450)) == _GOOD
    _settle(place, _GOOD)
    assert _found(place, range(450)) == _GOOD
