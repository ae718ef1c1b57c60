"""Counting requests, so that a run cannot use up what a forge allows in an hour."""

from dataclasses import dataclass

from handoff.connectors.http import Answer, Request, Send
from handoff.model.errors import HandoffError


class SpentError(HandoffError):
    """The run has sent as many requests as it may."""


@dataclass(slots=True)
class Meter:
    """A way of sending that counts, and stops at a limit.

    Attributes:
        send: the way it counts.
        most: requests a run may send.
        sent: requests sent so far.
    """

    send: Send
    most: int
    sent: int = 0

    def __call__(self, request: Request) -> Answer:
        """Send, unless the limit is reached.

        Raises:
            SpentError: it is.
        """
        if self.sent >= self.most:
            message = f"the limit of {self.most} requests to the forge is reached"
            hint = "What is left is looked at by the next run, or with --requests."
            raise SpentError(message, hint)
        self.sent += 1
        return self.send(request)
