"""Channels of policy: read, checked at load, and quiet at night."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handoff.model.calendar import Window
from handoff.policy.channels import Channels, QuietHours
from handoff.policy.policy import Policy, load_policy
from handoff.repository.snapshot import MemorySnapshot
from support.records import shipped, shipped_policy

PATH = "schemas/policy/channels.yaml"
VALID = """\
since: 2026-04-01
link: https://forge.example/deals/blob/main/{path}
channels:
  - name: wins
    kind: slack
    to: C0DEALS01
    token_from: HANDOFF_SLACK_TOKEN
  - name: direct
    kind: slack
    token_from: HANDOFF_SLACK_TOKEN
  - name: flows
    kind: webhook
    url_from: HANDOFF_URL
    secret_from: HANDOFF_SECRET
    headers:
      - {name: X-Team, value: revenue}
      - {name: X-Key, value_from: HANDOFF_KEY}
routes:
  - what: [announcement, digest]
    to: [wins, flows]
  - what: [escalation, announcement]
    to: [flows]
  - what: [escalation]
    to: [direct]
quiet_hours:
  hours: 20:00-07:30
  except: [escalation]
digest_above: 3
last_resort: wins
"""


def load(text: str) -> tuple[Policy | None, list[str]]:
    files = {path: content.encode() for path, content in shipped("schemas").items()}
    snapshot = MemorySnapshot({**files, PATH: text.encode()})
    policy, found = load_policy(snapshot)
    said = [f"{d.span.line} {d.rule}: {d.message} / {d.hint}" for d in found]
    assert not any("xoxb" in f"{line}{d.source}" for line in said for d in found)
    return policy, said


def test_a_repository_without_the_file_has_no_channels() -> None:
    files = {path: text.encode() for path, text in shipped("schemas").items()}
    del files[PATH]
    policy, found = load_policy(MemorySnapshot(files))
    assert policy
    assert (policy.channels, found) == (Channels(), ())


def test_the_shipped_file_sends_nothing() -> None:
    assert not shipped_policy().channels.channels


def test_channels_are_read() -> None:
    policy, said = load(VALID)
    assert policy, said
    channels = policy.channels
    taken = {what: [c.name for c in to] for what, to in channels.routes.items()}
    assert taken == {
        "announcement": ["wins", "flows"],
        "digest": ["wins", "flows"],
        "escalation": ["flows", "direct"],
    }
    flows, direct = channels.channels["flows"], channels.channels["direct"]
    assert flows.variables == ("HANDOFF_URL", "HANDOFF_SECRET", "HANDOFF_KEY")
    assert (direct.is_personal, flows.is_personal) == (True, False)
    assert direct.reaches({"email": "a@b.example"})
    assert not direct.reaches({})
    assert flows.reaches({})
    assert channels.last_resort is channels.channels["wins"]
    assert channels.link_to("a/b.md").endswith("/blob/main/a/b.md")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: [direct]", "to: [direkt]", "`direkt` is not the name of a channel / Did"),
        ("last_resort: wins", "last_resort: nobody", "`nobody` is not the name"),
        ("last_resort: wins", "last_resort: direct", "cannot be the last resort"),
        ("what: [escalation]", "what: [digest]", "digest is for everybody, and"),
        (
            "    secret_from: HANDOFF_SECRET\n",
            "",
            "of kind webhook lacks `secret_from`",
        ),
        ("name: direct", "name: wins", "two channels called `wins`"),
        (
            "kind: webhook",
            "kind: telegraph",
            "Allowed: console, file, issue, mail, note",
        ),
        ("HANDOFF_SECRET", "xoxb-1234-5678-abc", "something else, expected the name"),
        ("https://forge", "javascript:forge", "begins with https:// and holds {path}"),
        ("since: 2026-04-01", "since: yesterday", "expected a day written YYYY-MM-DD"),
        ("hours: 20:00-07:30", "hours: late", "runs past midnight"),
        ("digest_above: 3", "digest_above: many", "expected a whole number"),
        ("name: X-Team", 'name: "X: y"', "malformed-value"),
    ],
)
def test_mistakes_are_found_at_load(old: str, new: str, said: str) -> None:
    assert VALID.count(old) == 1
    policy, found = load(VALID.replace(old, new))
    assert policy is None
    assert any(said in line for line in found), found


def test_a_line_with_a_secret_is_shown_for_no_reason_at_all() -> None:
    text = VALID.replace("url_from: HANDOFF_URL", "url_from: xoxb-1234-5678-abc")
    one_line = text.replace(
        "  - name: direct\n    kind: slack\n    token_from: HANDOFF_SLACK_TOKEN\n",
        "  - {name: direct, kind: slak, token_from: xoxb-1234-5678-abc}\n",
    )
    policy, found = load(one_line)
    assert policy is None
    assert sum("pasted-secret" in line for line in found) == 2
    assert any("`slak`" in line for line in found)


def test_mail_is_encrypted_unless_it_stays_on_this_computer() -> None:
    mail = (
        "  - {name: post, kind: mail, sender: a@b.example, security: none, host: H}\n"
    )
    for host, is_fine in (("localhost", True), ("mail.example", False)):
        text = VALID.replace("routes:\n", mail.replace("H}", f"{host}}}") + "routes:\n")
        policy, found = load(text)
        assert (policy is not None) == is_fine, found


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-04-21T17:59:59", None),
        ("2026-04-21T18:00:00", "2026-04-22T05:30:00"),
        ("2026-04-22T05:29:59", "2026-04-22T05:30:00"),
        ("2026-04-22T05:30:00", None),
        ("2026-03-29T00:30:00", "2026-03-29T05:30:00"),  # the night that lacks an hour
        ("2026-10-25T00:30:00", "2026-10-25T06:30:00"),  # the night that has one more
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(now: str, until: str | None) -> None:
    quiet = QuietHours(Window(20 * 60, 31 * 60 + 30), frozenset())
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    end = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert quiet.end(instant, BERLIN) == end
