"""Hostile and careless paths, links and pipes, in real repositories.

The names are those of the line about paths in the threat model, and of the line about
links, pipes and folders. Typed arguments of `check` are in `test_cli_check.py`, how
snapshots read links in `test_repository_snapshot.py`.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from handoff.views.formats import CHECK_FORMATS
from support.cli import handoff, handoff_process, records
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base

_MONTH = "opportunities/2026/04"
_PACKETS = "handoffs/2026/04"
_LONGEST = "a" * 60

NAMES: Mapping[str, str] = {
    "capital letters": f"{_MONTH}/Acme-Robotics-2026-04-02.md",
    "two hyphens": f"{_MONTH}/acme--robotics-2026-04-02.md",
    "underscore": f"{_MONTH}/acme_robotics-2026-04-02.md",
    "blank": f"{_MONTH}/acme robotics-2026-04-02.md",
    "no slug": f"{_MONTH}/2026-04-02.md",
    "no date": f"{_MONTH}/acme-robotics.md",
    "61 letters": f"{_MONTH}/{_LONGEST}a-2026-04-02.md",
    "device name": f"{_MONTH}/con-2026-04-02.md",
    "day that does not exist": f"{_MONTH}/acme-2026-04-31.md",
    "short date": f"{_MONTH}/acme-2026-4-2.md",
    "date of another folder": f"{_MONTH}/acme-2026-05-02.md",
    "folder of another month": "opportunities/2026/05/acme-robotics-2026-04-02.md",
    "no folder": "opportunities/acme-2026-04-02.md",
    "one folder more": f"{_MONTH}/won/acme-2026-04-02.md",
    "dots": f"{_MONTH}/..-acme-2026-04-02.md",
    "folder of dots": f"{_MONTH}/.../acme-2026-04-02.md",
    "number 1": f"{_MONTH}/acme-2026-04-02-1.md",
    "leading zero": f"{_MONTH}/acme-2026-04-02-02.md",
    "composed letter": f"{_MONTH}/caf\u00e9-2026-04-02.md",
    "decomposed letter": f"{_MONTH}/cafe\u0301-2026-04-02.md",
    "Cyrillic letter": f"{_MONTH}/\u0430cme-2026-04-02.md",
    "other digits": f"{_MONTH}/acme-٢٠٢٦-٠٤-٠٢.md",
    "right-to-left override": f"{_MONTH}/acme\u202e-2026-04-02.md",
    "line feed": f"{_MONTH}/acme\n::error::x-2026-04-02.md",
    "line feed at the end": f"{_MONTH}/acme-2026-04-02.md\n",
    "tab": f"{_MONTH}/acme\t-2026-04-02.md",
    "escape": f"{_MONTH}/acme\x1b[31m-2026-04-02.md",
    "quotes": f"{_MONTH}/acme\"'-2026-04-02.md",
    "command": f"{_MONTH}/$(touch x)`id`-2026-04-02.md",
    "backslash": f"{_MONTH}/..\\acme-2026-04-02.md",
    "leading dash": f"{_MONTH}/-rf-2026-04-02.md",
    "glob": f"{_MONTH}/*-2026-04-02.md",
    "colon": f"{_MONTH}/acme:12-2026-04-02.md",
    "not UTF-8": f"{_MONTH}/caf\udce9-2026-04-02.md",
    ".MD": f"{_MONTH}/acme-2026-04-02.MD",
    ".markdown": f"{_MONTH}/acme-2026-04-02.markdown",
    ".txt": f"{_MONTH}/acme-2026-04-02.md.txt",
    "no ending": f"{_MONTH}/acme-2026-04-02",
    "hidden": f"{_MONTH}/.acme-2026-04-02.md",
    "backup": f"{_MONTH}/acme-2026-04-02.md~",
    ".bak": f"{_MONTH}/acme-2026-04-02.md.bak",
    ".orig": f"{_MONTH}/acme-2026-04-02.md.orig",
    "swap file": f"{_MONTH}/.acme-2026-04-02.md.swp",
    "copy": f"{_MONTH}/acme-2026-04-02 (1).md",
    "folder with a record's name": f"{_MONTH}/acme-2026-04-02.md/notes.md",
    "readme": "opportunities/README.md",
    "packet of one word": f"{_PACKETS}/acme-2026-04-21.md",
    "packet among opportunities": f"{_PACKETS}/Assessment-acme-2026-04-21.md",
}

Found = Mapping[str, list[tuple[int, str]]]


def found_in(repository: Repository, *typed: str) -> tuple[Found, tuple[int, int]]:
    """Check a repository; give line and rule by path, and files listed and judged."""
    data = json.loads(handoff("check", "--format", "json", *typed, at=repository).out)
    found: dict[str, list[tuple[int, str]]] = {}
    for told in data["diagnostics"]:
        found.setdefault(told["path"], []).append((told["line"], told["rule"]))
    return found, (data["files_listed"], data["files_judged"])


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Make a repository with every bad name, committed."""
    made = records(tmp_path_factory.mktemp("named") / "records", base())
    for path in NAMES.values():
        made.write(path, base()[OPPORTUNITY])
    made.commit("Add bad names")
    return made


@pytest.mark.parametrize("rev", [(), ("--rev", "index"), ("--rev", "HEAD")], ids=str)
def test_no_bad_name_is_skipped(named: Repository, rev: tuple[str, ...]) -> None:
    found, counts = found_in(named, *rev)
    assert found == {path: [(1, "misplaced-record")] for path in NAMES.values()}
    assert counts == (len(NAMES) + 2, 2)


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_names_print_as_text(named: Repository, form: str) -> None:
    """No raw control, nothing invisible, no line that a workflow runner obeys."""
    out = handoff("check", "--format", form, at=named).out
    assert not set(out) & {"\x1b", "\t", "\r", "\u202e"}
    told = [line for line in out.split("\n") if line.lstrip().startswith("::")]
    assert all(line.startswith("::error file=") for line in told)


@pytest.mark.parametrize("name", ["leading dash", "line feed", "not UTF-8", "glob"])
def test_a_bad_name_can_be_typed(named: Repository, name: str) -> None:
    path = NAMES[name].encode("utf-8", "surrogateescape")
    ran = handoff_process("check", "--", path, at=named)
    assert (ran.code, ran.err) == (1, "")
    assert "misplaced-record" in ran.out
    assert "1 file checked" in ran.out


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", base())


def _same_id_twice(root: Path) -> None:
    shutil.copytree(root / "handoffs/2026/04", root / "handoffs/2026/05")


def _same_deal_twice(root: Path) -> None:
    second = OPPORTUNITY.replace(".md", "-2.md")
    shutil.copy(root / OPPORTUNITY, root / second)


def _no_deal(root: Path) -> None:
    (root / OPPORTUNITY).unlink()


def _second_packet(root: Path) -> None:
    shutil.copy(root / PACKET, root / PACKET.replace(".md", "-2.md"))


def _link_outside(root: Path) -> None:
    (root / PACKET).unlink()
    (root / PACKET).symlink_to("/etc/hostname")


def _link_to_nowhere(root: Path) -> None:
    (root / PACKET).unlink()
    (root / PACKET).symlink_to("nowhere.md")


def _link_loop(root: Path) -> None:
    (root / PACKET).unlink()
    (root / PACKET).symlink_to(Path(PACKET).name)


def _linked_tree(root: Path) -> None:
    (root / "handoffs").rename(root / "elsewhere")
    (root / "handoffs").symlink_to("elsewhere")


def _linked_month(root: Path) -> None:
    (root / "handoffs/2026/04").rename(root / "elsewhere")
    (root / "handoffs/2026/04").symlink_to(root / "elsewhere")


def _pipe(root: Path) -> None:
    (root / PACKET).unlink()
    os.mkfifo(root / PACKET)


def _folder(root: Path) -> None:
    (root / PACKET).unlink()
    (root / PACKET).mkdir()
    (root / PACKET / "notes.md").write_text("notes\n")


def _tree_is_a_file(root: Path) -> None:
    shutil.rmtree(root / "handoffs")
    (root / "handoffs").write_text("notes\n")


_UNREADABLE = [(1, "unreadable-file")]
SITUATIONS: Mapping[str, tuple[Callable[[Path], None], Found]] = {
    "same id twice": (
        _same_id_twice,
        {PACKET.replace("/04/", "/05/"): [(1, "misplaced-record")]},
    ),
    "same deal twice": (
        _same_deal_twice,
        {OPPORTUNITY.replace(".md", "-2.md"): [(19, "duplicate-deal")]},
    ),
    "second packet of a deal": (
        _second_packet,
        {PACKET.replace(".md", "-2.md"): [(1, "duplicate-packet")]},
    ),
    "packet without deal": (_no_deal, {PACKET: [(3, "dangling-reference")]}),
    "link that leaves": (_link_outside, {PACKET: _UNREADABLE}),
    "link to nowhere": (_link_to_nowhere, {PACKET: _UNREADABLE}),
    "link to itself": (_link_loop, {PACKET: _UNREADABLE}),
    "linked tree": (_linked_tree, {"handoffs": _UNREADABLE, PACKET: _UNREADABLE}),
    "linked month": (
        _linked_month,
        {"handoffs/2026/04": _UNREADABLE, PACKET: _UNREADABLE},
    ),
    "pipe": (_pipe, {PACKET: _UNREADABLE}),
    "folder": (
        _folder,
        {PACKET: _UNREADABLE, f"{PACKET}/notes.md": [(1, "misplaced-record")]},
    ),
    "tree is a file": (_tree_is_a_file, {"handoffs": [(1, "misplaced-record")]}),
}


@pytest.mark.parametrize(("change", "expected"), SITUATIONS.values(), ids=SITUATIONS)
def test_situation_is_told(
    change: Callable[[Path], None],
    expected: Found,
    repository: Repository,
) -> None:
    change(repository.root)
    assert found_in(repository)[0] == expected


def test_a_linked_file_is_never_shown(repository: Repository) -> None:
    secret = repository.root.parent / "secret.md"
    secret.write_text("---\nsecret: plumbago\n---\n")
    (repository.root / PACKET).unlink()
    (repository.root / PACKET).symlink_to(secret)
    for form in CHECK_FORMATS:
        assert "plumbago" not in handoff("check", "--format", form, at=repository).out


def test_a_path_in_a_field_is_only_text(repository: Repository) -> None:
    text = base()[PACKET].replace("acme-robotics-2026-04-02", "../../../etc/passwd")
    repository.write(PACKET, text)
    assert found_in(repository)[0] == {PACKET: [(3, "malformed-value")]}


def test_a_won_deal_without_packet_is_late_after_two_hours(tmp_path: Path) -> None:
    deal = records(tmp_path / "r", {OPPORTUNITY: base()[OPPORTUNITY]})
    early, late = "2026-04-21T16:29:00+02:00", "2026-04-21T16:31:00+02:00"
    assert "BREACHED" not in _packet_clock(deal, early)
    assert "BREACHED" in _packet_clock(deal, late)


def _packet_clock(repository: Repository, now: str) -> str:
    out = handoff("sla", at=repository, now=now).out
    return "".join(line for line in out.split("\n") if "packet-filed" in line)


def test_a_tree_in_other_letters_is_told(repository: Repository) -> None:
    repository.write(f"H{PACKET[1:]}", base()[PACKET])
    assert found_in(repository)[0]
