"""Asking field by field: what is prefilled is shown, what is not known is asked for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial

from handoff.authoring.answers import Checker, section_problem
from handoff.authoring.draft import Draft
from handoff.authoring.paths import put_top, value_at
from handoff.authoring.questions import (
    Form,
    Question,
    known_questions,
    open_questions,
    place_at,
    with_ids,
)
from handoff.cli.asking import Default, ask, ask_section, wants_to_edit
from handoff.document.rendering import render_mapping
from handoff.model.span import Pointer
from handoff.policy.schemas import CompiledSchema

Keep = Callable[[Draft, Collection[str]], None]
"""Keeps what was typed so far, and the prefilled parts that were looked at."""


@dataclass(frozen=True, slots=True)
class Interview:
    """What to ask, and what becomes of the answers.

    Attributes:
        checker: judges answers; it knows the schema.
        names: the top-level fields to ask about.
        titles: the sections to ask about.
        defaults: what Enter stands for, by field.
        settled: fields that are not asked about although they are open.
        prefilled: fields and sections that somebody should look at; Enter keeps them.
        keep: called after every answer.
        seen: those of them that were looked at; grows.
    """

    checker: Checker
    names: Sequence[str]
    titles: Sequence[str]
    defaults: Mapping[Pointer, str]
    settled: AbstractSet[Pointer]
    prefilled: AbstractSet[str]
    keep: Keep = field(repr=False)
    seen: set[str] = field(default_factory=set)

    @property
    def schema(self) -> CompiledSchema:
        """The schema of the record."""
        return self.checker.policy.schemas.schema(self.checker.schema)

    def run(self, draft: Draft) -> Draft:
        """Show what is prefilled, ask what is open; what is passed over stays open."""
        passed = set(self.settled)
        for name in self.names:
            if name in self.prefilled:
                draft = self._reviewed(draft, name)
            draft = self._completed(draft, name, passed)
        for title in self.titles:
            draft = self._section(draft, title)
        return draft

    def _reviewed(self, draft: Draft, name: str) -> Draft:
        """Show a prefilled field; a group or list of groups first as a whole."""
        questions = tuple(known_questions(self.schema, (name,), draft.header[name]))
        if not questions:
            return draft
        is_plain = [q.pointer for q in questions] == [(name,)]
        if is_plain or self._is_to_edit(draft, name):
            for question in questions:
                known = value_at(draft.header, question.pointer)
                listed = [*map(str, known)] if isinstance(known, list) else str(known)
                answer = self._ask(question, listed)
                if answer not in (None, listed):
                    draft = self._answered(draft, question, answer)
        self.seen.add(name)
        self.keep(draft, self.seen)
        return draft

    def _is_to_edit(self, draft: Draft, name: str) -> bool:
        place = place_at(self.schema, (name,))
        lines = render_mapping({name: draft.header[name]}).splitlines()
        title, about = (str(place.get(key, name)) for key in ("title", "description"))
        return wants_to_edit(title, about, lines[1:])

    def _completed(self, draft: Draft, name: str, passed: set[Pointer]) -> Draft:
        """Ask what is open in a field until nothing is."""
        while question := self._next(draft, name, passed):
            default = self.defaults.get(question.pointer, "")
            answer = self._ask(question, default)
            if answer is None:
                passed.add(question.pointer)
            else:
                draft = self._answered(draft, question, answer)
        return draft

    def _next(self, draft: Draft, name: str, passed: set[Pointer]) -> Question | None:
        asked = open_questions(self.schema, draft.header, (name,))
        return next((q for q in asked if q.pointer not in passed), None)

    def _ask(self, question: Question, default: Default) -> object:
        return ask(question, partial(self.checker.problem, question.pointer), default)

    def _answered(self, draft: Draft, question: Question, answer: object) -> Draft:
        header = put_top(draft.header, question.pointer, answer)
        if question.form is Form.ENTRY:
            header = with_ids(self.schema, header)
        draft = replace(draft, header=header)
        self.keep(draft, self.seen)
        return draft

    def _section(self, draft: Draft, title: str) -> Draft:
        known = draft.sections.get(title, "")
        if known and title not in self.prefilled:
            return draft
        check = partial(section_problem, self.checker.policy, title)
        text = ask_section(title, check, known)
        if text is not None:
            draft = replace(draft, sections={**draft.sections, title: text})
        self.seen.add(title)
        self.keep(draft, self.seen)
        return draft
