"""Mail by SMTP, encrypted unless the server is this computer."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

from handoff.connectors.carrier import Fate, Outcome, Surroundings, cannot_tell
from handoff.connectors.notification import Message
from handoff.connectors.retrying import Pace
from handoff.policy.channels import Channel
from handoff.views.escaping import terminal
from handoff.views.post import render_body

_TIMEOUT = 20.0
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_FOR_GOOD = 500  # RFC 5321, 4.2.1: 4yz may succeed later, 5yz never

_UNOPENED = (  # the first that fits; nothing was sent in any case
    (
        smtplib.SMTPAuthenticationError,
        Outcome(Fate.FAILED, "the mail server refused user and password"),
    ),
    (
        smtplib.SMTPNotSupportedError,
        Outcome(Fate.FAILED, "the mail server offers no log-in or no encryption"),
    ),
    (
        ssl.SSLCertVerificationError,
        Outcome(Fate.FAILED, "the mail server's certificate is not trusted"),
    ),
    (Exception, Outcome(Fate.LATER, "the mail server cannot be reached")),
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, and whom it writes to.

    Attributes:
        to: the one address of all messages; empty where each person has one.
        login: user and password, or nothing.
    """

    host: str
    port: int
    security: str
    sender: str
    to: str
    login: tuple[str, str] | None = field(repr=False)
    addresses: Mapping[str, Mapping[str, str]]
    pace: Pace

    find = staticmethod(cannot_tell)

    def deliver(self, message: Message) -> Outcome:
        """Hand one mail to the server; see `Carrier`."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return next(end for kind, end in _UNOPENED if isinstance(error, kind))
        try:
            server.send_message(self.mail(message))
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, _),) = refused.recipients.values()
            return _refused(code, "no such recipient")
        except smtplib.SMTPResponseException as refused:
            return _refused(refused.smtp_code, "the mail server refused the message")
        except (OSError, smtplib.SMTPException):
            return Outcome(Fate.UNKNOWN, "the mail server's answer was lost")
        finally:
            server.close()
        return Outcome(Fate.DELIVERED, evidence={"message_id": self.name(message)})

    def name(self, message: Message) -> str:
        """Derive the Message-ID from the key: mail programs show a repeat once."""
        return f"<{message.id}@{self.sender.rpartition('@')[2]}>"

    def mail(self, message: Message) -> EmailMessage:
        """Write the mail of a message, in plain text."""
        person = message.recipient.person
        made = EmailMessage()
        made["Subject"] = terminal(message.post.title)
        made["From"] = self.sender
        made["To"] = self.to or self.addresses[person]["email"]
        made["Date"] = self.pace.clock()
        made["Message-ID"] = self.name(message)
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(render_body(message.post))
        return made

    def _connect(self) -> smtplib.SMTP:
        """Open a session that is encrypted and logged in, as policy wants it."""
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.login:
                server.login(*self.login)
        except BaseException:
            server.close()
            raise
        return server


def _refused(code: int, detail: str) -> Outcome:
    fate = Fate.FAILED if code >= _FOR_GOOD else Fate.LATER
    return Outcome(fate, f"{detail} ({code})")


def connect(channel: Channel, surroundings: Surroundings) -> Mail:
    """Make a mail server ready; nothing is sent to it yet."""
    settings, variables = channel.settings, surroundings.variables
    security = settings.get("security", "starttls")
    user = variables.get(settings.get("user_from", ""), "")
    password = variables.get(settings.get("password_from", ""), "")
    return Mail(
        host=settings["host"],
        port=settings.get("port", _PORTS[security]),
        security=security,
        sender=settings["sender"],
        to=channel.to,
        login=(user, password) if user else None,
        addresses=surroundings.addresses,
        pace=surroundings.pace,
    )
