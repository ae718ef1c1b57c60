"""An issue on the forge for each message, found by its marker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handoff.connectors.carrier import Fate, Outcome, Surroundings
from handoff.connectors.github import hidden_marker
from handoff.connectors.github_api import Api, ForgeError
from handoff.connectors.github_shapes import ShapeError
from handoff.connectors.http import LostError, UnreachableError
from handoff.connectors.notification import Message
from handoff.connectors.retrying import Patience, retrying
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.records.fact import value_at
from handoff.views.escaping import terminal
from handoff.views.post_markdown import render

_PATIENCE = Patience(tries=4, longest=30.0, budget=60.0)
_TOO_MANY, _BROKEN = 429, 500


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of one repository."""

    api: Api

    def deliver(self, message: Message) -> Outcome:
        """Open an issue; see `Carrier`."""
        page = render(message.post)
        title = terminal(message.post.title)
        data = {"title": title, "body": f"{_marker(message)}\n{page}"}
        try:
            made = self.api.put("POST", "issues", data)
        except UnreachableError:
            return Outcome(Fate.LATER, "the forge cannot be reached")
        except (LostError, ShapeError):
            return Outcome(Fate.UNKNOWN, "the forge's answer was lost")
        except ForgeError as error:
            return _judged(error.status)
        number = str(value_at(made, ("number",)) or "")
        return Outcome(Fate.DELIVERED, evidence={"issue": number})

    def find(self, message: Message, since: datetime) -> bool | None:
        """Look for the message among the issues since an instant; see `Carrier`."""
        try:
            bodies = tuple(self._bodies(since))
        except HandoffError:
            return None
        return any(body.startswith(_marker(message)) for body in bodies)

    def _bodies(self, since: datetime) -> Iterator[str]:
        at = format_instant(since.replace(microsecond=0))
        for issue in self.api.pages("issues", state="all", since=at):
            yield str(value_at(issue, ("body",)))


def _marker(message: Message) -> str:
    return hidden_marker(f"notification {message.id}")


def _judged(status: int) -> Outcome:
    """Tell what a refusal means; 0 is an answer that could not be read."""
    if status >= _BROKEN or not status:
        return Outcome(Fate.UNKNOWN, "the forge broke down")
    fate = Fate.LATER if status == _TOO_MANY else Fate.FAILED
    return Outcome(fate, f"the forge refused the issue ({status})")


def connect(channel: Channel, surroundings: Surroundings) -> Issues:
    """Make a repository's issues ready.

    Raises:
        HandoffError: `to` is not of the form OWNER/NAME.
    """
    token = surroundings.variables.get(channel.settings["token_from"], "")
    send = retrying(surroundings.send, pace=surroundings.pace, patience=_PATIENCE)
    return Issues(Api(surroundings.forge_url, channel.to, token, send))
