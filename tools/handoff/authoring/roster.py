"""People as they are typed when a repository is started, and as policy has them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from handoff.authoring.answers import Problem
from handoff.document.rendering import render_mapping
from handoff.imports.slugs import slug_of
from handoff.policy.formats import FORMATS

FORM = "NAME, ROLE[+ROLE…][, @LOGIN][, ACCOUNT]"
_PEOPLE = "\npeople:\n"
_ACCOUNT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be put on the roster; `login` and `account` may be empty."""

    name: str
    roles: tuple[str, ...]
    login: str = ""
    account: str = ""

    @property
    def handle(self) -> str:
        """The name used in records."""
        return slug_of(self.name)


def read_person(typed: str, roles: Collection[str]) -> NewPerson | Problem:
    """Read `Dana Okafor, deal-owner+approver, @dana-o, 990001`.

    Args:
        typed: what was typed.
        roles: the roles there are.
    """
    name, *rest = (part.strip() for part in typed.split(","))
    held = tuple(part.strip() for part in rest[0].split("+")) if rest else ()
    person = NewPerson(name, held)
    for part in rest[1:]:
        if part.startswith("@") and FORMATS["login"](part[1:]):
            person = NewPerson(name, held, part[1:], person.account)
        elif part.isascii() and part.isdigit() and len(part) <= _ACCOUNT_DIGITS:
            person = NewPerson(name, held, person.login, part)
        else:
            message = f"`{part}` is neither a login, as in @dana-o, nor an account id"
            return Problem(message, f"Type {FORM}.")
    return _role_problem(person, roles) or _name_problem(person) or person


def _name_problem(person: NewPerson) -> Problem | None:
    if FORMATS["name"](person.name) and person.handle:
        return None
    message = f"`{person.name}` is no name that a handle can be made of"
    return Problem(message, f"Type {FORM}, the name in Latin letters.")


def _role_problem(person: NewPerson, roles: Collection[str]) -> Problem | None:
    if not person.roles:
        return Problem(f"`{person.name}` has no role", f"Type {FORM}.")
    for role in person.roles:
        if role not in roles:
            near = get_close_matches(role, roles, n=1)
            hint = (
                f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(roles)}."
            )
            return Problem(f"there is no role `{role}`", hint)
    return None


def with_people(text: str, people: Sequence[NewPerson], since: date) -> str:
    """Give `people.yaml` with other people; roles and comments above stay.

    Args:
        text: the file, whose last field is `people`.
        people: everybody.
        since: the first day of their roles.
    """
    head, _, _ = text.partition(_PEOPLE)
    entries = [_entry(person, since) for person in people]
    return f"{head}\n{render_mapping({'people': entries})}"


def _entry(person: NewPerson, since: date) -> Mapping[str, object]:
    known = {
        "account": int(person.account) if person.account else 0,
        "login": person.login,
    }
    held = [{"role": role, "since": since.isoformat()} for role in person.roles]
    return {
        "handle": person.handle,
        "name": person.name,
        **{name: value for name, value in known.items() if value},
        "roles": held,
    }
