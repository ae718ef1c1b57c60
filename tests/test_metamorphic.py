"""What must not matter does not: ways of merging, order, zones, and when one asks."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import SAMPLE, WON, WON_WITHOUT_PACKET, lead
from support.views import seen

_NOWS = (
    "2026-04-21T13:00:00+02:00",
    "2026-04-22T15:31:00+02:00",
    "2026-05-04T09:00:00+02:00",
)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})")


def _merge(made: Repository) -> None:
    made.merge("packet", at="2026-04-21T14:00:00Z")


def _squash(made: Repository) -> None:
    made.git("merge", "--quiet", "--squash", "packet")
    made.commit("squashed", at="2026-04-21T15:00:00Z", author="Somebody Else")


def _rebase(made: Repository) -> None:
    made.git("checkout", "--quiet", "packet")
    made.git("rebase", "--quiet", "main")
    made.git("checkout", "--quiet", "main")
    made.git("merge", "--quiet", "--ff-only", "packet")


def _landed(root: Path, land: Callable[[Repository], None]) -> Repository:
    """File a packet on a branch in two commits while main moves on, then land it."""
    made = records(root, WON_WITHOUT_PACKET, at="2026-04-21T10:30:00Z")
    made.branch("packet")
    made.write(
        KITES_PACKET, WON[KITES_PACKET].replace("What we know of it.", "So far.")
    )
    made.commit("draft", at="2026-04-21T12:00:00Z", author="Dana Okafor")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("file", at="2026-04-21T13:30:00Z", author="Dana Okafor")
    made.switch("main")
    for path, text in lead("marble-otter-2026-04-14", "Marble Otter").items():
        made.write(path, text)
    made.commit("other", at="2026-04-21T13:45:00Z")
    land(made)
    return made


@pytest.mark.parametrize("now", _NOWS)
def test_merge_squash_and_rebase_give_the_same_state(now: str, tmp_path: Path) -> None:
    ways = {"merge": _merge, "squash": _squash, "rebase": _rebase}
    views = [
        seen(_landed(tmp_path / name, land), "--rev", "HEAD", now=now)
        for name, land in ways.items()
    ]
    assert views[0] == views[1] == views[2]
    assert len(_records(views[0])) == 2


def _records(views: Mapping[str, object]) -> list[dict[str, object]]:
    status = views["status"]
    assert isinstance(status, dict)
    found: list[dict[str, object]] = status["records"]
    return found


def _rewritten(root: Path, rewrite: Callable[[str, str], str]) -> Repository:
    files = {path: rewrite(path, text) for path, text in SAMPLE.items()}
    return records(root, files)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns"])
def test_offsets_of_another_zone_change_nothing(zone: str, tmp_path: Path) -> None:
    def elsewhere(found: re.Match[str]) -> str:
        return datetime.fromisoformat(found[0]).astimezone(ZoneInfo(zone)).isoformat()

    plain = _rewritten(tmp_path / "plain", lambda _, text: text)
    moved = _rewritten(tmp_path / "moved", lambda _, t: _INSTANT.sub(elsewhere, t))
    assert (plain.root / KITES_PATH).read_bytes() != (
        moved.root / KITES_PATH
    ).read_bytes()
    for now in _NOWS:
        before, after = (_without_spelling(seen(r, now=now)) for r in (plain, moved))
        assert before == after


def _without_spelling(views: Mapping[str, object]) -> str:
    """Write views with every instant in one zone: some quote what was typed."""

    def same(found: re.Match[str]) -> str:
        return datetime.fromisoformat(found[0]).astimezone(ZoneInfo("UTC")).isoformat()

    return _INSTANT.sub(same, str(views))


@pytest.mark.parametrize("seed", range(2))
def test_order_of_fields_changes_nothing(seed: int, tmp_path: Path) -> None:
    def shuffled(_: str, text: str) -> str:
        if not text.startswith("---\n"):
            return text
        _, header, body = text.split("---\n", 2)
        fields = re.split(r"^(?=[a-z])", header, flags=re.MULTILINE)
        Random(seed).shuffle(fields)  # noqa: S311 - a test
        return f"---\n{''.join(fields)}---\n{body}"

    plain = _rewritten(tmp_path / "plain", lambda _, text: text)
    other = _rewritten(tmp_path / "other", shuffled)
    assert (plain.root / KITES_PATH).read_bytes() != (
        other.root / KITES_PATH
    ).read_bytes()
    for now in _NOWS:
        views = ("status", "board", "sla", "daily")
        assert seen(plain, now=now, views=views) == seen(other, now=now, views=views)


def test_order_of_files_changes_nothing(tmp_path: Path) -> None:
    forwards = records(tmp_path / "forwards", SAMPLE)
    backwards = records(tmp_path / "backwards", dict(reversed(list(SAMPLE.items()))))
    for now in _NOWS:
        assert seen(forwards, now=now) == seen(backwards, now=now)


def test_an_unrelated_record_changes_nothing(tmp_path: Path) -> None:
    alone = records(tmp_path / "alone", WON)
    company = records(
        tmp_path / "company", {**WON, **lead("brass-heron-2026-04-15", "Brass Heron")}
    )
    for now in _NOWS:
        for view, key in (("status", "id"), ("sla", "record")):
            before, after = (
                seen(made, now=now, views=(view,))[view] for made in (alone, company)
            )
            assert isinstance(before, dict)
            assert isinstance(after, dict)
            name = "records" if view == "status" else "readings"
            assert before[name] == [x for x in after[name] if x[key] == KITES]


@pytest.fixture
def told(tmp_path: Path) -> tuple[Repository, list[tuple[str, str]]]:
    """Give a repository grown over days, and what each view printed at the time."""
    made = records(tmp_path / "told", WON_WITHOUT_PACKET, at="2026-04-21T10:30:00Z")
    printed = [(at, _printed(made, "--rev", "HEAD", now=at)) for at in _NOWS[:1]]
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("file", at="2026-04-21T13:40:00Z")
    printed += [(at, _printed(made, "--rev", "HEAD", now=at)) for at in _NOWS[1:2]]
    later = WON[KITES_PATH].replace("source: Trade fair", "source: Web form")
    made.write(KITES_PATH, later)
    made.commit("source", at="2026-05-02T10:00:00Z")
    printed += [(at, _printed(made, "--rev", "HEAD", now=at)) for at in _NOWS[2:]]
    return made, printed


def _printed(made: Repository, *moment: str, now: str) -> str:
    views = [("status",), ("board",), ("sla", "--all"), ("check",), ("daily",)]
    forms = [(*view, *moment) for view in views]
    forms += [(v[0], *moment, "--format", "json") for v in views]
    return "".join(handoff(*typed, at=made, now=now).out for typed in forms)


def test_what_was_known_then_prints_the_same_bytes_today(
    told: tuple[Repository, list[tuple[str, str]]],
) -> None:
    made, printed = told
    for at, text in printed:
        assert _printed(made, "--as-of", at, now="2026-11-02T08:00:00+01:00") == text


def test_a_past_daily_summary_is_the_same_whenever_it_runs(
    told: tuple[Repository, list[tuple[str, str]]],
) -> None:
    made, _ = told
    for form in ("markdown", "json"):
        typed = ("daily", "--date", "2026-04-21", "--format", form)
        runs = [
            handoff(*typed, at=made, now=now).out
            for now in ("2026-04-22T00:00:00+02:00", "2026-05-04T09:00:00+02:00")
        ]
        made.write(KITES_PATH, WON[KITES_PATH].replace("Trade fair", "Old friend"))
        made.commit("later", at="2026-05-05T10:00:00Z")
        runs.append(handoff(*typed, at=made, now="2027-01-01T00:00:00Z").out)
        assert runs[0]
        assert len(set(runs)) == 1
