"""Nobody teaches a course and takes it too: who teaches it sees its keys, and can change grades, their own as well."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator

from fieldguide.school import SchoolError
from fieldguide.school.machine import members_of
from fieldguide.school.planning import assistant_group, grader, instructor_group, student_group
from fieldguide.school.reading import Course


def students_of(course: Course) -> frozenset[str]:
    """The accounts of who takes a course."""
    return members_of(student_group(course)) - {grader(course)}


def teaching_in(course: Course) -> frozenset[str]:
    """The accounts of who teaches a course or assists in it now, whoever has said so."""
    return (members_of(instructor_group(course)) | members_of(assistant_group(course))) - {grader(course)}


def why_not_both(name: str, course: Course) -> str:
    """Why a student of a course is not to teach it, and what to do."""
    assistant = " --assistant" if name in course.assistants else ""
    return (
        f"{name} is a student of {course.id}. Who teaches a course sees its keys and can change grades, their own too: "
        f"so nobody does both. Where {name} takes it no longer, have them leave the class, in which stays what they "
        f"handed in, with its grades: fieldguide-admin instructor add {course.id} {name}{assistant} --was-student. "
        "Else keep the name out of courses.toml."
    )


def both(courses: Iterable[Course]) -> Iterator[str]:
    """Who teaches a course and takes it, each in a sentence with what to do."""
    for course in courses:
        named = {*course.instructors, *course.assistants}
        for name in sorted(students_of(course) & (teaching_in(course) | named)):
            yield why_not_both(name, course)


def need_apart(courses: Iterable[Course]) -> None:
    """Raise SchoolError where a student of a course would come to teach it; who does already is told by `both`."""
    wrong = [
        why_not_both(name, course)
        for course in courses
        for name in sorted({*course.instructors, *course.assistants} - teaching_in(course))
        if name in students_of(course)
    ]
    if wrong:
        raise SchoolError("\n".join([*wrong, "Nothing was changed."]))


def take_out(student: str, course: Course) -> None:
    """Take a student out of a course's group. Raises SchoolError."""
    command = ["gpasswd", "--delete", student, student_group(course)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (the system's own)
    if done.returncode:
        raise SchoolError(f"{' '.join(command)}: {done.stderr.strip()}")
