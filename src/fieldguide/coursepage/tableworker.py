"""Shows the tables of one module, in a process of its own: pandas takes longer and more memory than all else.

    python -m fieldguide.coursepage.tableworker

Runs in the folder of the module. Reads lines of JSON, each with ``lang``, the ``text`` of a table's cell, and a
``message`` of its view or null; writes a line for each: ``public``, ``answer`` or ``problem``, a sentence for people.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from fieldguide.items import ReadingError
from fieldguide.player.session import CannotShowError
from fieldguide.tables.cells import read_table_cell
from fieldguide.tables.session import TableSession
from fieldguide.words import speaking


def main() -> None:
    """Answer until there are no more lines."""
    sessions: dict[str, TableSession] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        with speaking(asked["lang"]):
            try:
                answer = _answer(sessions, asked["text"], asked["message"])
            except (ReadingError, CannotShowError) as error:
                answer = {"problem": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(sessions: dict[str, TableSession], text: str, message: object) -> dict[str, Any]:
    session = sessions.get(text)
    if session is None:
        session = sessions[text] = TableSession.open(read_table_cell(text, "this cell", 2))
    if message is None:
        return {"public": session.public()}
    answer = session.handle(message)
    return {"answer": answer and answer.message}


if __name__ == "__main__":
    main()
