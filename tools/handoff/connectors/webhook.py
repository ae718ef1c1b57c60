"""A signed web hook, for whatever a team has wired to one.

The signature is that of Standard Webhooks: HMAC-SHA256, in Base64, over id, timestamp
and body, joined by full stops. The id is the idempotency key, so that a receiver that
keeps ids can drop a repeat.
"""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff.connectors.carrier import Fate, Outcome, Surroundings, cannot_tell
from handoff.connectors.http import Answer, LostError, Request, Send, UnreachableError
from handoff.connectors.notification import Message
from handoff.connectors.retrying import Pace, Patience, is_rate_limited, retrying
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.views.post import as_data

_PREFIX = "whsec_"
_PATIENCE = Patience(tries=4, longest=30.0, budget=60.0)
_REDIRECTED, _REFUSED, _BROKEN = 300, 400, 500
_TOO_EARLY = frozenset({408, 425})


@dataclass(frozen=True, slots=True)
class Webhook:
    """A web hook that is ready; nothing of it is ever shown."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    send: Send
    pace: Pace

    find = staticmethod(cannot_tell)

    def deliver(self, message: Message) -> Outcome:
        """Post a message once; see `Carrier`."""
        now = self.pace.clock()
        body = _body(message, now)
        headers = {**self.headers, **sign(self.secret, message.id, now, body)}
        headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            answer = self.send(Request("POST", self.url, headers, body))
        except UnreachableError:
            return Outcome(Fate.LATER, "the web hook cannot be reached")
        except LostError:
            return Outcome(Fate.UNKNOWN, "the web hook's answer was lost")
        return _judged(answer)


def sign(secret: bytes, key: str, now: datetime, body: bytes) -> dict[str, str]:
    """Give the headers by which a receiver knows who sent a body, and when."""
    stamp = str(int(now.timestamp()))
    signed = b".".join((key.encode(), stamp.encode(), body))
    made = b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{made}",
    }


def _body(message: Message, now: datetime) -> bytes:
    """Write the payload, in the three fields that Standard Webhooks recommends."""
    notifications = [
        {
            "kind": str(n.kind),
            "record": n.record,
            "path": n.path,
            "cycle": n.cycle,
            "clock": n.clock,
            "level": n.level,
            "person": n.recipient.person,
            "due": format_instant(n.due),
            "fell_due": format_instant(n.at),
        }
        for n in message.notifications
    ]
    kind = message.notifications[0].kind
    data = {"version": 1, **as_data(message.post), "notifications": notifications}
    payload = {
        "type": f"handoff.{kind}",
        "timestamp": format_instant(now),
        "data": {**data, "possible_repeat": message.is_repeat},
    }
    return json.dumps(payload, sort_keys=True).encode()


def _judged(answer: Answer) -> Outcome:
    status = answer.status
    if status < _REDIRECTED:
        return Outcome(Fate.DELIVERED, evidence={"status": str(status)})
    if is_rate_limited(answer) or status in _TOO_EARLY:
        return Outcome(Fate.LATER, "the web hook asks to wait")
    if status >= _BROKEN:
        return Outcome(Fate.UNKNOWN, f"the web hook broke down ({status})")
    what = "refused the message" if status >= _REFUSED else "is somewhere else now"
    return Outcome(Fate.FAILED, f"the web hook {what} ({status})")


def connect(channel: Channel, surroundings: Surroundings) -> Webhook:
    """Make a web hook ready.

    Raises:
        HandoffError: the signing secret is none.
    """
    settings, variables = channel.settings, surroundings.variables
    headers = {
        header["name"]: variables[header["value_from"]]
        if "value_from" in header
        else header.get("value", "")
        for header in settings.get("headers", ())
    }
    name = settings["secret_from"]
    return Webhook(
        url=variables[settings["url_from"]],
        secret=_secret(name, variables[name]),
        headers=headers,
        send=retrying(surroundings.send, pace=surroundings.pace, patience=_PATIENCE),
        pace=surroundings.pace,
    )


def _secret(name: str, text: str) -> bytes:
    """Read a signing secret: Base64, with or without the prefix that marks one."""
    try:
        secret = b64decode(text.removeprefix(_PREFIX), validate=True)
    except NotBase64:
        secret = b""
    if not secret:
        message = f"`{name}` holds no signing secret"
        hint = "Set it to the secret your web hook shows: whsec_ and then Base64."
        raise HandoffError(message, hint)
    return secret
