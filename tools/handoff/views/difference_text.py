"""Differences between versions of a record, in the words of the domain."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from handoff.evaluation.differences import SECTIONS, Difference, Name, Value
from handoff.views.escaping import terminal
from handoff.views.states import CAUTION, STRONG
from handoff.views.style import Style
from handoff.views.words import count

_COLOURS = {"added": STRONG, "removed": CAUTION, "changed": ""}
_IN_EVERY_RECORD = ("schema",)
_COUNTED = ("promises", "risks", "milestones", "events", SECTIONS)
_SHORTEN = 100
"""Characters of a value that a line shows; JSON has all of them."""


def stage_line(stage: tuple[str, str], style: Style) -> str:
    """Write a move from stage to stage, or to none: a deal that is gone or broken."""
    before, after = stage
    label, now = style.paint("stage", STRONG), style.paint(after, STRONG)
    if not before:
        return f"{label}: {now}"
    if not after:
        return f"{label}: {before} to {style.paint('none', CAUTION)}, no valid record"
    return f"{label}: {before} to {now}"


def record_lines(found: Collection[Difference], style: Style) -> Iterator[str]:
    """Write the differences of a record; one that came or went is only summed up."""
    acts = {difference.name: difference.act for difference in found}
    act = acts.get(_IN_EVERY_RECORD)
    if act not in ("added", "removed"):
        yield from _lines(found, style)
        return
    lists = Counter(d.name[0] for d in found if len(d.name) > 1)
    counted = (count(n, _singular(k)) for k, n in lists.items() if k in _COUNTED)
    yield f"the record {style.paint(act, _COLOURS[act])}: {', '.join(counted)}"


def _lines(found: Iterable[Difference], style: Style) -> Iterator[str]:
    """Write each difference on a line of its own, or on two for a longer text."""
    for difference in found:
        label = terminal(label_of(difference.name))
        if difference.name != difference.values[0].name:
            yield _item_line(label, difference, style)
        elif difference.values[0].is_entry:
            listed = terminal(label_of(difference.name[:-1]))
            yield _entry_line(listed, difference, style)
        elif difference.name[0] == SECTIONS:
            yield _section_line(label, difference.values[0], style)
        else:
            yield _value_line(label, difference.values[0], style)


def label_of(name: Name) -> str:
    """Write a name as people say it: `promise P2 due`, `event 3`."""
    if name[0] == SECTIONS:
        return f"section `{name[1]}`"
    is_list = len(name) > 1 and (name[1].isdecimal() or not name[1].islower())
    first = _singular(name[0]) if is_list else name[0]
    said = " ".join((first, *name[1:])).replace("_", " ")
    return said.replace("amount minor", "amount in minor units")


def _singular(word: str) -> str:
    """Make the name of a list that of one item; all of ours end in `s` or `ies`."""
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _item_line(label: str, difference: Difference, style: Style) -> str:
    act = style.paint(difference.act, _COLOURS[difference.act])
    what = difference.detail("event", "text", "name", "action", "by")
    when = difference.detail("at", "on", "due", "date")
    details = ", ".join(_shown(text) for text in (what, when) if text)
    return f"{label} {act}" + (f": {details}" if details else "")


def _entry_line(listed: str, difference: Difference, style: Style) -> str:
    act = style.paint(difference.act, _COLOURS[difference.act])
    return f"{listed}: {_shown(difference.values[0].text)} {act}"


def _section_line(label: str, value: Value, style: Style) -> str:
    before, after = (len((t or "").split()) for t in (value.before, value.after))
    if value.before is None:
        return f"{label} {style.paint('added', STRONG)} ({after:,} words)"
    if value.after is None:
        return f"{label} {style.paint('removed', CAUTION)} ({before:,} words)"
    was, now = _changed_words(value.before, value.after)
    if len(was) > _SHORTEN or len(now) > _SHORTEN:
        return f"{label} changed ({before:,} words, now {after:,})"
    if not (was and now):
        act = "added" if now else "removed"
        return f"{label}: {_shown(was or now)} {style.paint(act, _COLOURS[act])}"
    return f"{label}: {_shown(was)} to {_shown(now)}"


def _changed_words(before: str, after: str) -> Iterator[str]:
    """Give the words from the first to the last that differ, marked where cut."""
    was, now = before.split(), after.split()
    shortest = min(len(was), len(now))
    same = zip(was, now, strict=False)
    start = next((n for n, (a, b) in enumerate(same) if a != b), shortest)
    ends = zip(was[start:][::-1], now[start:][::-1], strict=False)
    end = next((n for n, (a, b) in enumerate(ends) if a != b), shortest - start)
    return (_cut(words, start, end) for words in (was, now))


def _cut(words: list[str], start: int, end: int) -> str:
    kept = words[start : len(words) - end]
    marks = ("… " if start else "", " …" if end else "")
    return f"“{marks[0]}{' '.join(kept)}{marks[1]}”" if kept else ""


def _value_line(label: str, value: Value, style: Style) -> str:
    if value.before is None:
        return f"{label} {style.paint('added', STRONG)}: {_shown(value.after)}"
    if value.after is None:
        return f"{label} {style.paint('removed', CAUTION)}: {_shown(value.before)}"
    return f"{label}: {_shown(value.before)} to {_shown(value.after)}"


def _shown(text: str | None) -> str:
    """Show a value on one line; a long one is cut, an empty one says so."""
    if not text:
        return "(empty)"
    whole = terminal(text)
    return whole if len(whole) <= _SHORTEN else f"{whole[:_SHORTEN]}…"
