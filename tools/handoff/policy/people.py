"""Who is who and who may do what, from `people.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from handoff.model.instant import parse_date

_ADDRESSES = ("email", "slack")


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role and the days, both included, on which it is held."""

    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the roster.

    Attributes:
        account: the forge's numeric id, which says who somebody is.
        addresses: where the person can be written to: `email`, `slack`.
        zone: the zone the person works in; `None` for the policy's own.
        login: the forge's name for them, to ask and to address; it proves nothing.
        emails: addresses this person commits with, in lower case.
    """

    handle: str
    name: str
    account: int | None
    roles: tuple[RoleHeld, ...]
    addresses: Mapping[str, str]
    zone: ZoneInfo | None
    login: str = ""
    emails: tuple[str, ...] = ()

    def holds(self, role: str, day: date) -> bool:
        """Tell whether the person held a role on a day."""
        return any(
            held.role == role
            and held.since <= day
            and (held.until is None or day <= held.until)
            for held in self.roles
        )


@dataclass(frozen=True, slots=True)
class Role:
    """What a role means.

    Attributes:
        field: header field of the opportunity that names the person, or empty.
        held_by: another role whose holders fill this one, or empty.
    """

    name: str
    summary: str
    field: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, by handle, and the roles."""

    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    acknowledged_by: str

    def holds(self, handle: str, role: str, day: date) -> bool:
        """Tell whether somebody of the roster held a role on a day."""
        person = self.people.get(handle)
        return person is not None and person.holds(role, day)

    def known_as(self, account: int | None, email: str) -> Person | None:
        """Find who acts under an account of the forge or, without one, an address."""
        for person in self.people.values():
            if account is not None and person.account == account:
                return person
            if account is None and email.lower() in person.emails:
                return person
        return None

    def holders(self, role: str, day: date) -> tuple[str, ...]:
        """Name, in the order of the roster, who fills a role on a day."""
        known = self.roles.get(role)
        actual = known.held_by if known and known.held_by else role
        people = self.people.values()
        return tuple(p.handle for p in people if p.holds(actual, day))


def read_roster(data: Mapping[str, Any]) -> Roster:
    """Build the roster, already checked against its schema."""
    return Roster(
        people={entry["handle"]: _person(entry) for entry in data["people"]},
        roles={
            name: Role(
                name,
                entry["summary"],
                entry.get("field", ""),
                entry.get("held_by", ""),
            )
            for name, entry in data["roles"].items()
        },
        acknowledged_by=data["acknowledged_by"],
    )


def _person(entry: Mapping[str, Any]) -> Person:
    held = (
        RoleHeld(
            role["role"],
            parse_date(role["since"]) or date.max,
            parse_date(role.get("until", "")),
        )
        for role in entry["roles"]
    )
    return Person(
        handle=entry["handle"],
        name=entry["name"],
        account=entry.get("account"),
        roles=tuple(held),
        addresses={name: entry[name] for name in _ADDRESSES if name in entry},
        zone=ZoneInfo(entry["zone"]) if "zone" in entry else None,
        login=entry.get("login", ""),
        emails=_emails(entry),
    )


def _emails(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what somebody commits with, and is written to."""
    listed = (*entry.get("emails", ()), entry.get("email", ""))
    return tuple(email.lower() for email in listed if email)
