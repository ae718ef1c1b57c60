"""The digest: the same for the same content, another for any other."""

import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.rendering import render_record
from handoff.evaluation.digest import packet_digest
from support.scenarios import Told, files_of, front_matter, load_files, policy_of

FILED = "2026-04-21T13:00:00+02:00"
PACKET = "handoffs/2026/04/assessment-zephyr-kites-2026-04-21.md"
OPPORTUNITY = "opportunities/2026/03/zephyr-kites-2026-03-02.md"
POLICY = policy_of({})
WORDS = st.text("ab ", min_size=1, max_size=8).map(str.strip).filter(bool)
RISK = {"id": "R1", "text": "Data owner is on leave", "owner": "dana-okafor"}
PROMISE = {
    "id": "P1",
    "text": "Draft findings before the board meeting",
    "made_at": "2026-04-09",
    "made_by": "dana-okafor",
    "due": "2026-05-15",
}


def told(deal: Told | None = None, packet: Told | None = None) -> Told:
    return {
        "after": "closed-won",
        "packets": [{"filed": FILED, **(packet or {})}],
        **(deal or {}),
    }


def digest(files: dict[str, str]) -> str:
    register = load_files(files, POLICY)
    assert all(file.record for file in register.files.values())
    (packet,) = register.packets.values()
    return packet_digest(packet, register.opportunities[packet.opportunity])


def digest_of(deal: Told | None = None, packet: Told | None = None) -> str:
    return digest(files_of(told(deal, packet)))


ORDINARY = digest_of()


def test_it_names_its_function() -> None:
    kind, value = ORDINARY.split(":")
    assert kind == "sha256"
    assert len(value) == 64
    assert set(value) <= set("0123456789abcdef")


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_key_order_is_outside_it(random: Random) -> None:
    mixed = {path: _mixed(text, random) for path, text in files_of(told()).items()}
    assert digest(mixed) == ORDINARY


def _mixed(text: str, random: Random) -> str:
    header, body = front_matter(text)
    return render_record(
        {k: header[k] for k in random.sample([*header], len(header))}, body
    )


def test_white_space_is_outside_it() -> None:
    files = files_of(told())
    loose = files[PACKET].replace(
        "What we know of it.", "What   we\n\nknow\tof it.  \n"
    )
    assert digest({**files, PACKET: loose}) == ORDINARY


def test_line_ends_are_outside_it() -> None:
    windows = {p: text.replace("\n", "\r\n") for p, text in files_of(told()).items()}
    assert digest(windows) == ORDINARY


def test_unicode_form_is_outside_it() -> None:
    files = files_of(told(packet={"sections": {"Red flags": "Zoë is on leave: café"}}))
    forms = [
        digest({p: unicodedata.normalize(form, text) for p, text in files.items()})
        for form in ("NFC", "NFD")
    ]
    assert forms[0] == forms[1] != ORDINARY


@pytest.mark.parametrize(
    "packet",
    [
        {"filed": "2026-04-21T15:00:00+02:00"},
        {"returns": [{"at": "2026-04-21T15:00:00+02:00"}]},
        {
            "returns": [
                {
                    "at": "2026-04-21T15:00:00+02:00",
                    "answered": "2026-04-21T16:00:00+02:00",
                },
            ],
        },
        {"acknowledgement": {"at": "2026-04-21T15:00:00+02:00"}},
        {
            "header": {
                "quality": {
                    "by": "ines-moreau",
                    "context": "8",
                    "commitments": "8",
                    "scope": "8",
                    "risks": "8",
                    "people": "8",
                },
            },
        },
    ],
    ids=["filed", "returned", "answered", "acknowledged", "scored"],
)
def test_what_happens_to_a_packet_is_outside_it(packet: Told) -> None:
    assert digest_of(packet=packet) == ORDINARY


@pytest.mark.parametrize(
    "packet",
    [
        {"header": {"delivery_window": {"days_at_most": "27"}}},
        {"header": {"delivery_window": {"start_on": "2026-05-05"}}},
        {"header": {"price": {"amount_minor": "250001"}}},
        {"header": {"price": {"currency": "USD"}}},
        {"header": {"promises": []}},
        {"header": {"risks": []}},
        {"header": {"exclusions": []}},
        {"header": {"assumptions": []}},
        {"header": {"primary_contact": {"email": "mona@zephyr-kites.example"}}},
        {"header": {"primary_contact": {"name": "Mina Castellan"}}},
        {"sections": {"Red flags": "What we know of it!"}},
        {"sections": {"Red flags": ""}},
    ],
    ids=str,
)
def test_another_packet_has_another(packet: Told) -> None:
    assert digest_of(packet=packet) != ORDINARY


@pytest.mark.parametrize(
    "header",
    [
        {"scope": {"included": [{"id": "S1", "text": "Review of one partner"}]}},
        {"scope": {"dependencies": []}},
        {"scope": {"add_ons": [{"id": "O1", "text": "A workshop"}]}},
        {"promises": [{**PROMISE, "text": "Draft findings after the meeting"}]},
        {"promises": [{**PROMISE, "due": "2026-05-16"}]},
        {"risks": [{**RISK, "severity": "critical"}]},
    ],
    ids=str,
)
def test_what_the_packet_carries_is_in_it(header: Told) -> None:
    assert digest_of({"header": header}) != ORDINARY


@pytest.mark.parametrize(
    "deal",
    [
        {"header": {"payment": "invoiced"}},
        {"header": {"urgency": "low"}},
        {"events": [{"payment-changed": "2026-04-22T12:00:00+02:00"}]},
        {"sections": {"Internal notes": "Nobody else needs this."}},
        {"header": {"risks": [{**RISK, "id": "R2", "severity": "low"}]}},
    ],
    ids=str,
)
def test_what_only_the_opportunity_says_is_outside_it(deal: Told) -> None:
    carried: Told = {"header": {"risks": []}}
    assert digest_of(deal, carried) == digest_of(packet=carried)


@settings(deadline=None, max_examples=60)
@given(WORDS, WORDS, WORDS, WORDS)
def test_text_cannot_move_between_sections(a: str, b: str, c: str, d: str) -> None:
    one, other = (
        digest_of(packet={"sections": {"Problem statement": x, "What they expect": y}})
        for x, y in ((a, b), (c, d))
    )
    assert (one == other) == ((_words(a), _words(b)) == (_words(c), _words(d)))


def _words(text: str) -> list[str]:
    return text.split()


def test_the_same_words_in_the_next_section_are_another_content() -> None:
    one, other = (
        digest_of(packet={"sections": {"Problem statement": x, "What they expect": y}})
        for x, y in (("a b", "c"), ("a", "b c"))
    )
    assert one != other


def test_a_value_cannot_pose_as_two() -> None:
    one, other = (
        digest_of(packet={"header": {"escalation_contacts": contacts}})
        for contacts in (
            [{"name": "Ada", "reach": "desk"}, {"name": "Bo", "reach": "desk"}],
            [{"name": "Ada", "reach": "desk name Bo reach desk"}],
        )
    )
    assert one != other
