"""One header, written in any of the ways YAML has for the same thing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,()+-]*[A-Za-z0-9])?")


def in_any_style(header: Mapping[str, object], random: Random) -> str:
    """Write a header; fields in any order, values in any style, comments between."""
    return "\n".join(_fields(header, "", random)) + "\n"


def _fields(group: Mapping[str, object], pad: str, random: Random) -> Iterator[str]:
    for name in random.sample(sorted(group), len(group)):
        if random.random() < 0.1:
            yield random.choice(("", f"{pad}# a remark: [with, signs]"))
        yield from _field(
            f"{pad}{_quoted_or_plain(name, random)}:", group, name, random
        )


def _field(
    key: str, group: Mapping[str, object], name: str, random: Random
) -> Iterator[str]:
    value, pad = group[name], key[: len(key) - len(key.lstrip())]
    deeper = pad + " " * random.randint(1, 4)
    if isinstance(value, Mapping) and random.random() < 0.8:
        yield key
        yield from _fields(value, deeper, random)
    elif isinstance(value, list) and random.random() < 0.8:
        yield key
        yield from _items(value, random.choice((pad, deeper)), random)
    elif isinstance(value, str) and value.strip() == value and random.random() < 0.1:
        yield f"{key} {random.choice(('|-', '>-'))}"
        yield deeper + value
    else:
        yield f"{key}{' ' * random.randint(1, 3)}{_flow(value, random)}"


def _items(items: Sequence[object], pad: str, random: Random) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping) and random.random() < 0.8:
            yield f"{pad}-"
            yield from _fields(item, f"{pad}  ", random)
        else:
            yield f"{pad}- {_flow(item, random)}"


def _flow(value: object, random: Random) -> str:
    if isinstance(value, Mapping):
        fields = (f"{_quoted(k, random)}: {_flow(v, random)}" for k, v in value.items())
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, random) for item in value) + "]"
    text = str(value)
    return text if _is_bare(text, random) else _quoted(text, random)


def _quoted_or_plain(text: str, random: Random) -> str:
    return text if random.random() < 0.9 else _quoted(text, random)


def _is_bare(text: str, random: Random) -> bool:
    """Choose no quotes where they are not needed, in brackets neither."""
    bare = _PLAIN.fullmatch(text) and "," not in text
    return bool(bare) and random.random() < 0.5


def _quoted(text: str, random: Random) -> str:
    if random.random() < 0.5:
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_typed(character, random) for character in text) + '"'


def _typed(character: str, random: Random) -> str:
    """Write a character as itself, or as a code."""
    if character in '"\\' or random.random() < 0.05:
        return f"\\U{ord(character):08x}"
    return character
