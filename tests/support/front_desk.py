"""The desk on a local forge: issues as people file them, jobs as it runs them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from handoff.authoring.issue_forms import Form, forms
from support.cli import Ran, handoff
from support.forge import BOT, Forge, forging
from support.git import Repository
from support.reports import shipped_policy

HANDOFF, EVENT = forms(shipped_policy())
DANA, INES, TOMAS, STRANGER = 910003, 910001, 910002, 666
WEB_FLOW = 19864447
LOGINS = {DANA: "dana-o", INES: "ines-m", TOMAS: "tomas-l", STRANGER: "eve"}
COMPLETE = {
    "Opportunity": "zephyr-kites-2026-03-02",
    "Escalation contacts": "Mina Castellanos | +1 555 0100",
    "Needed access": "Read access to the partner portal",
    "Delivery window: Start target": "2026-05-04",
    "Delivery window: Days at most": "28",
    "Milestones": "Draft findings sent | 2026-05-15 | ines-moreau | P1\n"
    "Their data owner is back | 2026-05-18 | dana-okafor | | R1",
    **{
        entry.field.label: "What we know of it."
        for entry in HANDOFF.entries
        if entry.field.name.startswith("section: ")
    },
}
"""Answers that make a packet without faults."""


def filled(form: Form, answers: Mapping[str, str]) -> str:
    """Write what the forge makes of a filled-in form."""
    assert answers.keys() <= {field.label for field in form.fields}
    parts = (
        f"### {field.label}\n\n{answers.get(field.label, '_No response_')}"
        for field in form.fields
    )
    return "\n\n".join(parts)


@dataclass
class Desk:
    """A local forge, and the clone in which its jobs run.

    Attributes:
        jobs: the clone, on the default branch.
        folder: where events are kept.
    """

    forge: Forge
    jobs: Repository
    folder: Path

    def run(self, *command: str, now: str, **variables: str) -> Ran:
        """Run a command the way a job of the default branch does."""
        self.jobs.git("fetch", "--quiet", "origin", "main")
        self.jobs.git("checkout", "--quiet", "--detach", "origin/main")
        env = {**self.forge.environment, **variables}
        return handoff(*command, at=self.jobs, now=now, env=env)

    def event(self, name: str, payload: object) -> str:
        """Keep the payload of an event; give its path."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(payload), encoding="utf-8")
        return str(path)

    def issue(  # noqa: PLR0913 - one parameter for each thing an issue has
        self,
        body: str,
        *,
        by: int = DANA,
        at: str = "2026-04-21T13:00:00Z",
        title: str = "New handoff: ",
        number: int = 0,
        association: str = "MEMBER",
        edited_by: int = 0,
    ) -> dict[str, object]:
        """Open an issue, or edit the one with that number; give the event's payload."""
        number = number or self.forge.number()
        self.forge.issues[number] = {"title": title, "body": body, "labels": []}
        issue = {
            "number": number,
            "title": title,
            "body": body,
            "user": {"id": by, "login": LOGINS[by], "type": "User"},
            "author_association": association,
            "created_at": at,
            "updated_at": at,
        }
        sender = {"id": edited_by or by, "login": LOGINS[edited_by or by]}
        return {"action": "opened", "issue": issue, "sender": sender}

    def intake(self, payload: object, *options: str, now: str = "") -> Ran:
        """Run the intake of an event."""
        path = self.event("issues", payload)
        command = ("intake", "--event", path, *options)
        return self.run(*command, now=now or "2026-04-21T15:10:00+02:00")


@contextmanager
def desk_over(records: Repository, folder: Path) -> Iterator[Desk]:
    """Put records on a local forge, with accounts for the people of the tests."""
    people = records.root / "schemas/policy/people.yaml"
    text = people.read_text(encoding="utf-8")
    for handle, account in (("dana-okafor", DANA), ("ines-moreau", INES)):
        mark = f"  - handle: {handle}\n"
        assert text.count(mark) == 1
        known = "" if account == INES else f"    account: {account}\n"
        text = text.replace(mark, f"{mark}    login: {LOGINS[account]}\n{known}")
    records.write("schemas/policy/people.yaml", text)
    records.commit("Name the accounts", at="2026-04-21T08:30:00Z")
    remote = Repository.create(folder / "remote.git", "--bare")
    records.git("remote", "add", "origin", str(remote.root))
    records.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    jobs = Repository(folder / "jobs")
    records.git("clone", "--quiet", str(remote.root), str(jobs.root))
    with forging(remote) as forge:
        forge.people = {**LOGINS, WEB_FLOW: "web-flow"}
        forge.emails = {
            "41898282+github-actions[bot]@users.noreply.github.com": BOT,
            "noreply@forge.example": WEB_FLOW,
        }
        yield Desk(forge, jobs, folder)
