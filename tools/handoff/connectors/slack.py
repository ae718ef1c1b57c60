"""Slack: posts and direct messages by a bot, found again by their metadata.

The vendor's client builds and reads the requests; they leave through `http.send`, as
all others do. Its own way out follows redirects with the token, reads answers of any
length, and repeats a post whose answer was lost.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from handoff.connectors.carrier import Fate, Outcome, Surroundings
from handoff.connectors.http import Answer, LostError, Request, Send, UnreachableError
from handoff.connectors.notification import Message
from handoff.connectors.retrying import Patience, is_rate_limited, retrying
from handoff.model.errors import HandoffError
from handoff.policy.channels import Channel
from handoff.records.fact import value_at
from handoff.views import post_slack

if TYPE_CHECKING:
    from slack_sdk import WebClient

EVENT_TYPE = "handoff_notification"
_POSTING = "/chat.postMessage"
_KEY = "idempotency_key"
_PAGE = 100
_PAGES = 20
_PATIENCE = Patience(tries=4, longest=30.0, budget=60.0)
_OK = 200
_SERVER_ERRORS = 500

# Errors by which Slack says that nothing was posted; see its reference of
# chat.postMessage, conversations.open and users.lookupByEmail.
_NO_SCOPE = "missing_scope"
_LATER = {
    "ratelimited": "Slack asks to wait",
    "rate_limited": "Slack asks to wait",
    "service_unavailable": "Slack is not available",
    "team_added_to_org": "the workspace is being moved",
    "request_timeout": "Slack did not get the whole request",
}
_FAILED = {
    "invalid_auth": "the token is not valid",
    "not_authed": "the token is not valid",
    "token_expired": "the token has expired",
    "token_revoked": "the token was revoked",
    "account_inactive": "the bot's account was removed",
    "channel_not_found": "there is no such channel, or the bot may not see it",
    "not_in_channel": "the bot is not in the channel: invite it",
    "is_archived": "the channel is archived",
    "users_not_found": "nobody in Slack has this address",
    "user_not_found": "there is no such member",
    "user_disabled": "the member was deactivated",
    "cannot_dm_bot": "bots cannot be written to",
    _NO_SCOPE: "the bot lacks the scope",
    "restricted_action": "a setting of the workspace forbids it",
    "invalid_blocks": "Slack did not accept the form of the message",
    "msg_too_long": "the message is too long",
    "msg_blocks_too_long": "the message is too long",
    "metadata_too_large": "the message is too long",
}
_UNSURE = frozenset({"internal_error", "fatal_error"})
_SCOPE = frozenset("abcdefghijklmnopqrstuvwxyz:._,- ")


class _RefusedError(HandoffError):
    """Slack answered and did nothing; `outcome` says how that ends the attempt."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail, "")
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Slack:
    """One channel of policy that is carried by Slack.

    Attributes:
        client: the vendor's client.
        to: id of the channel; empty where each person is written to.
    """

    client: "WebClient" = field(repr=False)
    to: str
    addresses: Mapping[str, Mapping[str, str]]

    def deliver(self, message: Message) -> Outcome:
        """Post a message once; see `Carrier`."""
        try:
            place = self._place(message.recipient.person)
        except _RefusedError as refused:
            return refused.outcome
        except (LostError, UnreachableError):
            return Outcome(Fate.LATER, "Slack cannot be reached")
        try:
            answer = self._post(message, place)
        except _RefusedError as refused:
            return refused.outcome
        except UnreachableError:
            return Outcome(Fate.LATER, "Slack cannot be reached")
        except LostError:
            return Outcome(Fate.UNKNOWN, "Slack's answer was lost")
        stamp = str(value_at(answer, ("ts",)) or "")
        return Outcome(Fate.DELIVERED, evidence={"channel": place, "ts": stamp})

    def find(self, message: Message, since: datetime) -> bool | None:
        """Look for a message's key in the history; see `Carrier`."""
        try:
            place = self._place(message.recipient.person)
            return any(_key_of(m) == message.id for m in self._history(place, since))
        except (_RefusedError, LostError, UnreachableError, _TooLongError):
            return None

    def _post(self, message: Message, place: str) -> Mapping[str, Any]:
        slacked = post_slack.render(message.post)
        payload = {_KEY: message.id}
        return self._call(
            self.client.chat_postMessage,
            channel=place,
            text=slacked.text,
            blocks=list(slacked.blocks),
            metadata={"event_type": EVENT_TYPE, "event_payload": payload},
            unfurl_links=False,
            unfurl_media=False,
        )

    def _history(self, place: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        for _ in range(_PAGES):
            page = self._call(
                self.client.conversations_history,
                channel=place,
                oldest=f"{since.timestamp():.6f}",
                limit=_PAGE,
                include_all_metadata=True,
                **({"cursor": cursor} if cursor else {}),
            )
            listed = page.get("messages")
            yield from listed if isinstance(listed, list) else ()
            cursor = str(value_at(page, ("response_metadata", "next_cursor")) or "")
            if not cursor:
                return
        raise _TooLongError

    def _place(self, person: str) -> str:
        """Give the id of the channel, or of the conversation with a person."""
        if self.to:
            return self.to
        addresses = self.addresses.get(person, {})
        member = addresses.get("slack", "")
        if not member:
            mail = addresses.get("email", "")
            found = self._call(self.client.users_lookupByEmail, email=mail)
            member = str(value_at(found, ("user", "id")))
        opened = self._call(self.client.conversations_open, users=member)
        return str(value_at(opened, ("channel", "id")))

    def _call(self, method: Callable[..., Any], **given: object) -> Mapping[str, Any]:
        """Call a method of Slack, and give its answer if that is a good one."""
        from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - optional, slow

        try:
            answer: Mapping[str, Any] = method(**given).data
        except SlackApiError as error:
            raise _judged(error.response) from None
        return answer


class _TooLongError(Exception):
    """The history is longer than anybody wants to read."""


def _key_of(message: object) -> str:
    if value_at(message, ("metadata", "event_type")) != EVENT_TYPE:
        return ""
    return str(value_at(message, ("metadata", "event_payload", _KEY)))


def _judged(response: Any) -> Exception:  # noqa: ANN401 - the vendor's, untyped
    """Tell what an answer that is not a good one means for the attempt."""
    error = str(response.data.get("error", ""))
    if error in _LATER:
        return _RefusedError(Outcome(Fate.LATER, _LATER[error]))
    if response.status_code >= _SERVER_ERRORS or error in _UNSURE:
        return LostError("Slack broke down while it answered", "")
    detail = _FAILED.get(error, "Slack refused the message")
    needed = str(response.data.get("needed", ""))
    if error == _NO_SCOPE and needed and set(needed) <= _SCOPE:
        detail = f"{detail} `{needed}`"
    return _RefusedError(Outcome(Fate.FAILED, detail))


def _readable(answer: Answer) -> bytes:
    """Give the JSON object of an answer; of a refusal by somebody else, our own.

    Raises:
        LostError: the answer is none of Slack's, and the request may be done.
    """
    if is_rate_limited(answer):
        return b'{"ok": false, "error": "ratelimited"}'
    try:
        is_object = isinstance(json.loads(answer.body), dict)
    except (ValueError, RecursionError):
        is_object = False
    if is_object:
        return answer.body
    if answer.status == _OK or answer.status >= _SERVER_ERRORS:
        message = "what came back is no answer of Slack"
        raise LostError(message, "Look at the network between here and Slack.")
    return b'{"ok": false, "error": "http"}'


def connect(channel: Channel, surroundings: Surroundings) -> Slack:
    """Make a Slack channel ready.

    Raises:
        HandoffError: `slack_sdk` is not installed.
    """
    token = surroundings.variables.get(channel.settings["token_from"], "")
    send = retrying(
        surroundings.send,
        pace=surroundings.pace,
        patience=_PATIENCE,
        is_repeatable=lambda request: not request.url.endswith(_POSTING),
    )
    client = _client(token, surroundings.slack_url, send)
    return Slack(client, channel.to, surroundings.addresses)


def _client(token: str, url: str, send: Send) -> "WebClient":
    from logging import CRITICAL, getLogger  # noqa: PLC0415 - with the client

    try:
        from slack_sdk import WebClient  # noqa: PLC0415 - optional, slow
    except ImportError as error:
        message = "the package for Slack is not installed"
        hint = 'Type `pip install "handoff-ledger[slack]"`, then run it again.'
        raise HandoffError(message, hint) from error

    class Client(WebClient):
        """The vendor's client with our way to the network under it."""

        def _perform_urllib_http_request(
            self, *, url: str, args: dict[str, Any]
        ) -> dict[str, Any]:
            answer = send(_request(url, args))
            body = _readable(answer).decode("utf-8", "replace")
            return {"status": answer.status, "headers": answer.headers, "body": body}

    quiet = getLogger("handoff.slack")
    quiet.setLevel(CRITICAL)  # it would print what servers wrote
    return Client(token=token, base_url=url, retry_handlers=[], logger=quiet)


def _request(url: str, args: Mapping[str, Any]) -> Request:
    """Write down what the client wants to send."""
    from urllib.parse import urlencode  # noqa: PLC0415 - with the client

    given = args.get("json")
    body = json.dumps(given) if given is not None else urlencode(args["params"] or {})
    kind = (
        "application/json" if given is not None else "application/x-www-form-urlencoded"
    )
    headers = {**args["headers"], "Content-Type": f"{kind};charset=utf-8"}
    return Request("POST", url, headers, body.encode())
