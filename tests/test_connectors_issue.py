"""Issues on a forge: opened once, found by their marker."""

import json
from pathlib import Path

import pytest

from handoff.connectors import issue
from handoff.connectors.carrier import Fate, Surroundings
from handoff.connectors.http import Answer, Request, send
from handoff.connectors.retrying import Pace
from handoff.policy.channels import Channel
from support.local_server import Fault, Received, Reply, as_json, serve
from support.messages import NOW, message

TO = "acme/handoffs"
ROOM = Channel("tasks", "issue", TO, NOW.date(), {"token_from": "FORGE_TOKEN"})


def carrier(url: str) -> issue.Issues:
    def sending(request: Request) -> Answer:
        return send(request, timeout=0.5, max_bytes=1_000_000)

    pace = Pace(lambda: NOW, lambda _: None, lambda: 0.0)
    values = {"FORGE_TOKEN": "of-a-test"}
    lent = Surroundings(values, {}, sending, pace, Path(), print, "", url)
    return issue.connect(ROOM, lent)


class Forge:
    """Keeps the issues that are opened."""

    def __init__(self) -> None:
        self.issues: list[dict[str, object]] = []

    def respond(self, request: Received) -> Reply:
        """Open an issue, or list all."""
        assert request.path.startswith(f"/repos/{TO}/issues")
        assert request.headers["authorization"] == "Bearer of-a-test"
        if request.method == "GET":
            return as_json(self.issues)
        data = json.loads(request.body)
        self.issues.append({"number": len(self.issues) + 1, **data})
        return as_json(self.issues[-1], 201)


def test_an_issue_is_opened_and_found() -> None:
    forge = Forge()
    with serve(forge.respond) as server:
        made = carrier(server.url)
        assert made.find(message("tasks"), NOW) is False
        outcome = made.deliver(message("tasks", "ines-moreau"))
        assert made.find(message("tasks"), NOW) is True
        assert made.find(message("tasks", key="k2"), NOW) is False
    assert (outcome.fate, outcome.evidence) == (Fate.DELIVERED, {"issue": "1"})
    (opened,) = forge.issues
    assert opened["title"] == "A deal: overdue"
    assert "\n# x" not in str(opened["body"])
    assert "<!channel>" not in str(opened["body"])


@pytest.mark.parametrize(
    ("fault", "fate", "times"),
    [
        (Fault.RESET_AFTER, Fate.UNKNOWN, 1),
        (Fault.CUT_JSON, Fate.UNKNOWN, 1),
        (Fault.HTML, Fate.UNKNOWN, 1),
        (Fault.BROKEN, Fate.UNKNOWN, 0),
        (Fault.REDIRECT, Fate.FAILED, 1),
        (Fault.LIMITED, Fate.DELIVERED, 1),
    ],
)
def test_an_issue_is_tried_once_and_judged(
    fault: Fault, fate: Fate, times: int
) -> None:
    forge = Forge()
    with serve(forge.respond) as server:
        server.faults = {1: fault}
        outcome = carrier(server.url).deliver(message("tasks"))
    assert outcome.fate is fate
    assert len(forge.issues) == times


@pytest.mark.parametrize("status", [401, 403, 404, 410, 422])
def test_a_refusal_is_a_failure(status: int) -> None:
    with serve(lambda _: as_json({"message": "no"}, status)) as server:
        made = carrier(server.url)
        assert made.deliver(message("tasks")).fate is Fate.FAILED
        assert made.find(message("tasks"), NOW) is None


def test_nobody_listening_is_for_later() -> None:
    made = carrier("http://127.0.0.1:9")
    assert made.deliver(message("tasks")).fate is Fate.LATER
    assert "of-a-test" not in repr(made)
