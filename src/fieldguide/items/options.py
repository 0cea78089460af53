"""What types with options share: keys that are read, and responses that name options."""

from __future__ import annotations

from fieldguide.items.fields import FieldReader
from fieldguide.items.words import say


def check_key(reader: FieldReader, key: tuple[str, ...], options: dict[str, str], prompt: str | None = None) -> None:
    """Note it where a key, or that of a prompt, names no option, names one twice, or leaves no distractor."""
    of = f" of '{prompt}'" if prompt else ""
    for option in key:
        if option not in options:
            expected = f"Expected one of: {', '.join(options)}."
            reader.wrong("key", f"'key' names '{option}', which is no option.", expected, prompt)
    if len(set(key)) != len(key):
        reader.wrong("key", f"'key'{of} names an option twice.", "Name each option once.", prompt)
    if options and len(set(key)) == len(options):
        reader.wrong("key", f"every option is in the key{of}.", "At least one option must be a distractor.", prompt)


def option_ids(raw: object) -> tuple[str, ...]:
    """The ids that a response lists. Raises ValueError where it is no list of texts."""
    if not isinstance(raw, list | tuple) or not all(isinstance(option, str) for option in raw):
        raise ValueError(say("no_options"))
    return tuple(raw)


def set_aside(unknown: list[str]) -> str | None:
    """What to say of parts of a response that the question does not have."""
    if not unknown:
        return None
    shown = ", ".join(name[:40] for name in unknown[:5])
    return say("set_aside", parts=shown)
