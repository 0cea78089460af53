"""An assistant's server on a cluster: ``python -P -m fieldguide.cluster.assistant``.

It has the course's disk and gradebook as an instructor's has, and the desk behind the gate, which lets the assistant in
to what they may and nothing else. A home it has not: what somebody wrote there as a student would run here.
"""

from __future__ import annotations

from fieldguide.cluster.instructor import enter_course


def main() -> None:
    """Prepare the folder, and become the server."""
    enter_course()
    from fieldguide.hub.assisting import serve  # which makes light what was not imported before

    serve()


if __name__ == "__main__":
    main()
