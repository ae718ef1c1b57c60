"""Mail: handed to a real server on this computer, which refuses on request."""

from asyncio import WriteTransport
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from handoff.connectors import mail
from handoff.connectors.carrier import Fate, Outcome, Surroundings
from handoff.connectors.http import send
from handoff.connectors.retrying import Pace
from handoff.policy.channels import Channel
from support.messages import NOW, message


@dataclass
class Post:
    """What arrived, and what the server says to recipients and to the content."""

    arrived: list[bytes] = field(default_factory=list)
    recipient: str = ""
    content: str = ""
    is_cut: bool = False

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or not."""
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or not."""
        if self.content:
            return self.content
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(content)
        if self.is_cut and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return "250 taken"


def _free_port() -> int:
    """Find a port: this server cannot choose one by itself."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[Controller]:
    running = Controller(post, hostname="127.0.0.1", port=_free_port())
    running.start()
    yield running
    running.stop()


def carrier(server: Controller, to: str = "", **settings: str) -> mail.Mail:
    given = {
        "host": "localhost",
        "port": server.port,
        "security": "none",
        "sender": "handoff@ledger.example",
        **settings,
    }
    channel = Channel("post", "mail", to, NOW.date(), given)
    addresses = {"priya-venkat": {"email": "priya@handoff.example"}}
    pace = Pace(lambda: NOW, lambda _: None, lambda: 0.0)
    variables = {"MAIL_USER": "robin", "MAIL_PASSWORD": "of-a-test"}
    lent = Surroundings(variables, addresses, send, pace, Path(), print, "")
    return mail.connect(channel, lent)


def test_a_mail_arrives_in_plain_text(server: Controller, post: Post) -> None:
    outcome = carrier(server).deliver(message("post", "priya-venkat"))
    assert outcome == Outcome(
        Fate.DELIVERED, evidence={"message_id": "<k1@ledger.example>"}
    )
    (raw,) = post.arrived
    read = message_from_bytes(raw, policy=default)
    assert read["To"] == "priya@handoff.example"
    assert read["Message-ID"] == "<k1@ledger.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == NOW
    assert read.get_content_type() == "text/plain"
    text = read.get_content()
    assert "It waits." in text
    assert "\x1b" not in text
    assert "https://forge.example/a.md" in text


def test_a_fixed_address_gets_everything(server: Controller, post: Post) -> None:
    assert carrier(server, to="team@x.example").deliver(message("post")).fate == (
        Fate.DELIVERED
    )
    assert b"To: team@x.example" in post.arrived[0]


def test_a_title_adds_no_header(server: Controller, post: Post) -> None:
    hostile = message("post", "priya-venkat", title="x\r\nBcc: all@x.example\nX")
    assert carrier(server).deliver(hostile).fate is Fate.DELIVERED
    read = message_from_bytes(post.arrived[0], policy=default)
    assert read["Bcc"] is None
    assert "Bcc: all@x.example" in read["Subject"]


@pytest.mark.parametrize(
    ("at", "answer", "fate"),
    [
        ("recipient", "550 no such user", Fate.FAILED),
        ("recipient", "451 come back", Fate.LATER),
        ("content", "554 no", Fate.FAILED),
        ("content", "452 full", Fate.LATER),
    ],
)
def test_a_refusal_is_for_good_or_for_now(
    server: Controller, post: Post, at: str, answer: str, fate: Fate
) -> None:
    setattr(post, at, answer)
    outcome = carrier(server).deliver(message("post", "priya-venkat"))
    assert outcome.fate is fate
    assert answer[4:] not in outcome.detail
    assert not post.arrived


def test_a_lost_answer_leaves_it_unknown(server: Controller, post: Post) -> None:
    post.is_cut = True
    outcome = carrier(server).deliver(message("post", "priya-venkat"))
    assert outcome == Outcome(Fate.UNKNOWN, "the mail server's answer was lost")
    assert len(post.arrived) == 1


def test_without_encryption_nothing_is_sent(server: Controller, post: Post) -> None:
    for security, fate in (("starttls", Fate.FAILED), ("tls", Fate.LATER)):
        sender = carrier(server, security=security)
        assert sender.deliver(message("post", "priya-venkat")).fate is fate
    assert not post.arrived


def test_a_server_without_log_in_gets_no_password(server: Controller) -> None:
    names = {"user_from": "MAIL_USER", "password_from": "MAIL_PASSWORD"}
    sender = carrier(server, **names)
    outcome = sender.deliver(message("post", "priya-venkat"))
    assert outcome == Outcome(
        Fate.FAILED, "the mail server offers no log-in or no encryption"
    )
    assert "of-a-test" not in repr(sender) + repr(outcome)


def test_nobody_listening_is_for_later(server: Controller) -> None:
    sender = replace(carrier(server), port=_free_port())
    outcome = sender.deliver(message("post", "priya-venkat"))
    assert outcome == Outcome(Fate.LATER, "the mail server cannot be reached")
    assert sender.find(message("post"), NOW) is None
