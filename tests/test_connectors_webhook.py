"""Web hooks: signed as Standard Webhooks describes, judged by what comes back."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.connectors import webhook
from handoff.connectors.carrier import Fate, Outcome, Surroundings
from handoff.connectors.http import Answer, Request, send
from handoff.connectors.retrying import Pace
from handoff.model.errors import HandoffError
from handoff.policy.channels import Channel
from support.local_server import Fault, Reply, serve
from support.messages import NOW, message

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the specification
HOOK = Channel(
    "flows",
    "webhook",
    "",
    NOW.date(),
    {
        "url_from": "HOOK_URL",
        "secret_from": "HOOK_SECRET",
        "headers": [
            {"name": "X-Team", "value": "revenue"},
            {"name": "X-Key", "value_from": "HOOK_KEY"},
        ],
    },
)


def carrier(url: str, secret: str = SECRET) -> webhook.Webhook:
    def sending(request: Request) -> Answer:
        return send(request, timeout=0.5, max_bytes=1_000_000)

    values = {"HOOK_URL": url, "HOOK_SECRET": secret, "HOOK_KEY": "of-a-test"}
    pace = Pace(lambda: NOW, lambda _: None, lambda: 0.0)
    return webhook.connect(
        HOOK, Surroundings(values, {}, sending, pace, Path(), print, "")
    )


def test_the_example_of_the_specification_is_signed_alike() -> None:
    now = datetime.fromtimestamp(1614265330, UTC)
    key = b64decode(SECRET.removeprefix("whsec_"))
    body = b'{"test": 2432232314}'
    headers = webhook.sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", now, body)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_message_arrives_signed_with_its_key() -> None:
    with serve(lambda _: Reply(204)) as server:
        outcome = carrier(f"{server.url}/hook").deliver(message("flows"))
    assert outcome.fate is Fate.DELIVERED
    (request,) = server.requests
    assert request.headers["webhook-id"] == "k1"
    assert request.headers["x-team"] == "revenue"
    assert request.headers["x-key"] == "of-a-test"
    key = b64decode(SECRET.removeprefix("whsec_"))
    signed = webhook.sign(key, "k1", NOW, request.body)["webhook-signature"]
    assert request.headers["webhook-signature"] == signed
    data = json.loads(request.body)
    assert (data["type"], data["timestamp"]) == (
        "handoff.breach",
        "2026-04-22T12:00:00Z",
    )
    assert data["data"]["possible_repeat"] is False
    assert data["data"]["notifications"][0]["record"] == "a-deal"


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.DELIVERED),
        (202, Fate.DELIVERED),
        (301, Fate.FAILED),
        (400, Fate.FAILED),
        (401, Fate.FAILED),
        (404, Fate.FAILED),
        (408, Fate.LATER),
        (410, Fate.FAILED),
        (429, Fate.LATER),
        (500, Fate.UNKNOWN),
        (503, Fate.UNKNOWN),
    ],
)
def test_an_answer_is_judged_by_its_status(status: int, fate: Fate) -> None:
    with serve(lambda _: Reply(status, b"<b>secret page</b>")) as server:
        outcome = carrier(server.url).deliver(message("flows"))
    assert outcome.fate is fate
    assert "secret" not in outcome.detail


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        (Fault.RESET_BEFORE, Fate.UNKNOWN),
        (Fault.RESET_AFTER, Fate.UNKNOWN),
        (Fault.ENDLESS, Fate.UNKNOWN),
        (Fault.REDIRECT, Fate.FAILED),
        (Fault.LIMITED, Fate.DELIVERED),
    ],
)
def test_a_lost_answer_is_not_repeated_at_once(fault: Fault, fate: Fate) -> None:
    with serve(lambda _: Reply(200)) as server:
        server.faults = {1: fault}
        outcome = carrier(server.url).deliver(message("flows"))
    assert outcome.fate is fate
    assert len(server.handled) <= 1


def test_nobody_listening_is_for_later() -> None:
    outcome = carrier("http://127.0.0.1:9/x").deliver(message("flows"))
    assert outcome == Outcome(Fate.LATER, "the web hook cannot be reached")


def test_an_address_that_would_leak_is_refused() -> None:
    with pytest.raises(HandoffError):
        carrier("http://hooks.example/x").deliver(message("flows"))


@pytest.mark.parametrize("secret", ["whsec_", "", "not base64!", "whsec_*"])
def test_what_is_no_secret_is_refused_by_name(secret: str) -> None:
    with pytest.raises(HandoffError, match="`HOOK_SECRET` holds no signing secret"):
        carrier("https://hooks.example", secret)


def test_secrets_are_never_shown() -> None:
    shown = repr(carrier("https://hooks.example/path-of-a-hook"))
    assert "path-of-a-hook" not in shown
    assert b64encode(b"x").decode() not in shown
    assert "of-a-test" not in shown


def test_nobody_can_tell_what_arrived() -> None:
    assert carrier("https://hooks.example").find(message("flows"), NOW) is None
