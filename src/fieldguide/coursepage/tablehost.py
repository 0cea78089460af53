"""The tables of the modules that are open, each shown by a process of its own that ends when nobody uses it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from fieldguide.coursepage.words import say
from fieldguide.words import spoken

#: Seconds after which a process that nobody asked anything ends.
IDLE = 120


class TableProcess:
    """The process for the tables of one module. Its methods may be called from any thread, and wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._timer: threading.Timer | None = None

    def ask(self, text: str, message: object) -> dict[str, Any]:
        """What the table of a cell answers a message, or is told first where the message is None.

        Returns what ``tableworker`` says: ``public``, ``answer``, or ``problem``.
        """
        line = json.dumps({"lang": spoken(), "text": text, "message": message}) + "\n"
        with self._lock:
            for _ in range(2):  # one that has ended meanwhile is started anew
                told = self._tell(line)
                if told:
                    self._wait()
                    answer: dict[str, Any] = json.loads(told)
                    return answer
                self._end()
        return {"problem": say("table_stopped")}

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _tell(self, line: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fieldguide.coursepage.tableworker"],
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except OSError:
            return ""

    def _wait(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(IDLE, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process = self._timer = None
