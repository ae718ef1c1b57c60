"""Expressions of workflows, evaluated the way the forge documents it, as far as used.

Literals, contexts, `!`, `==`, `!=`, `&&`, `||` with their values, and the functions of
a step's state. What is none of these is an error, so that nothing is silently true.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<op>\|\||&&|==|!=|!|\(|\))"
    r"|(?P<name>[A-Za-z_][\w.*-]*))"
)
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


class Expression:
    """One expression and the contexts it looks into."""

    def __init__(
        self, source: str, contexts: Mapping[str, Any], state: Mapping[str, bool]
    ) -> None:
        self._tokens = _tokens(source.strip())
        self._contexts, self._state = contexts, state

    def value(self) -> Any:  # noqa: ANN401 - what the context holds
        """Evaluate it."""
        value = self._either()
        assert not self._tokens, self._tokens
        return value

    def _take(self, *wanted: str) -> str:
        if self._tokens and self._tokens[0] in wanted:
            return self._tokens.pop(0)
        return ""

    def _either(self) -> Any:  # noqa: ANN401 - as above
        return self._chain(self._both, "||", lambda value: not _truth(value))

    def _both(self) -> Any:  # noqa: ANN401 - as above
        return self._chain(self._equality, "&&", _truth)

    def _chain(
        self, part: Callable[[], Any], sign: str, goes_on: Callable[[Any], bool]
    ) -> Any:  # noqa: ANN401 - as above
        value = part()
        while self._take(sign):
            other = part()
            value = other if goes_on(value) else value
        return value

    def _equality(self) -> Any:  # noqa: ANN401 - as above
        left = self._single()
        while sign := self._take("==", "!="):
            right = self._single()
            left = (_plain(left) == _plain(right)) is (sign == "==")
        return left

    def _single(self) -> Any:  # noqa: ANN401 - as above
        if self._take("!"):
            return not _truth(self._single())
        if self._take("("):
            value = self._either()
            assert self._take(")")
            return value
        token = self._tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in _WORDS:
            return _WORDS[token]
        if self._take("("):
            assert self._take(")"), token
            return self._state[token]
        return self._look_up(token)

    def _look_up(self, path: str) -> Any:  # noqa: ANN401 - as above
        name, *steps = path.split(".")
        value = self._contexts[name]
        for step in steps:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


def filled_in(
    text: object, contexts: Mapping[str, Any], state: Mapping[str, bool] | None = None
) -> str:
    """Put the values of expressions into a text."""
    return _HOLE.sub(
        lambda hole: _text(Expression(hole[1], contexts, state or {}).value()),
        _text(text),
    )


def holds(
    condition: str, contexts: Mapping[str, Any], state: Mapping[str, bool]
) -> bool:
    """Evaluate a condition, with or without its braces."""
    hole = _HOLE.fullmatch(condition.strip())
    return _truth(Expression(hole[1] if hole else condition, contexts, state).value())


def _tokens(source: str) -> list[str]:
    found, at = [], 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        assert token, source[at:]
        found.append(token[0].strip())
        at = token.end()
    return found


def _truth(value: object) -> bool:
    return value not in (None, False, 0, "")


def _plain(value: object) -> object:
    """Compare the way the forge does: texts without case, nothing as an empty text."""
    return (
        "" if value is None else value.casefold() if isinstance(value, str) else value
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
