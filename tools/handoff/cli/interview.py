"""Asking field by field for what a new record does not say yet."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial

from handoff.authoring.answers import Checker, section_problem
from handoff.authoring.draft import Draft
from handoff.authoring.paths import put_top
from handoff.authoring.questions import Form, Question, open_questions, with_ids
from handoff.cli.asking import ask, ask_section
from handoff.model.span import Pointer

Keep = Callable[[Draft], None]
"""Keeps what was typed so far, after every answer."""


@dataclass(frozen=True, slots=True)
class Interview:
    """What to ask, and what becomes of the answers.

    Attributes:
        checker: judges answers; it knows the schema.
        names: the top-level fields to ask about.
        titles: the sections to ask about.
        defaults: what Enter stands for, by field.
        settled: fields that are not asked about although they are open.
        keep: called after every answer.
    """

    checker: Checker
    names: Sequence[str]
    titles: Sequence[str]
    defaults: Mapping[Pointer, str]
    settled: AbstractSet[Pointer]
    keep: Keep = field(repr=False)

    def run(self, draft: Draft) -> Draft:
        """Ask everything that is open; what is passed over stays open."""
        passed = set(self.settled)
        while question := self._next(draft, passed):
            default = self.defaults.get(question.pointer, "")
            answer = self._ask(question, default)
            if answer is None:
                passed.add(question.pointer)
                continue
            draft = self._kept(draft, question, answer)
        return self._sections(draft)

    def _next(self, draft: Draft, passed: set[Pointer]) -> Question | None:
        schema = self.checker.policy.schemas.schema(self.checker.schema)
        asked = open_questions(schema, draft.header, self.names)
        return next((q for q in asked if q.pointer not in passed), None)

    def _ask(self, question: Question, default: str) -> object:
        return ask(question, partial(self.checker.problem, question.pointer), default)

    def _kept(self, draft: Draft, question: Question, answer: object) -> Draft:
        header = put_top(draft.header, question.pointer, answer)
        if question.form is Form.ENTRY:
            policy = self.checker.policy
            header = with_ids(policy.schemas.schema(self.checker.schema), header)
        draft = replace(draft, header=header)
        self.keep(draft)
        return draft

    def _sections(self, draft: Draft) -> Draft:
        policy = self.checker.policy
        for title in self.titles:
            if title in draft.sections:
                continue
            text = ask_section(title, partial(section_problem, policy, title))
            if text is not None:
                draft = replace(draft, sections={**draft.sections, title: text})
                self.keep(draft)
        return draft
