"""Makes a release and tries it as somebody gets it: ``./run release``, or ``./run release --check``.

The source distribution is made from the project, the wheel from the source distribution, and the wheel is installed
with what it depends on, as the lock file pins it, in a new environment. There, away from the project, the content is
packed, with keys, for whoever grades, and everything is tried that a school needs first. With ``--check`` nothing is
kept; without it the three files are put in ``dist/``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MODULE = "05-questions-for-the-classroom"
STUDENTS = 3
#: What pins all that is declared; nobody who installs by the first alone needs the second.
LOCKS = ("requirements.lock", "requirements-left-out.lock")
#: What nobody's own settings may have a say in.
OWN = re.compile(r"PWD|OLDPWD|PYTHON|JUPYTER|IPYTHON|VIRTUAL_ENV|FIELDGUIDE|NBGRADER|XDG")
#: Pages of docs/ that are not for a server: what decides graded questions, for authors, and what is made for the site.
_FOR_AUTHORS = ("items.md", "coverage.md", "index.md")
_LAST_LINES = 20
_COLOR = re.compile(r"\x1b\[\d*m")
_MAKE_COURSE = """
import sys
from pathlib import Path
from fieldguide.bench.courses import make_course
make_course(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
"""


class ReleaseError(Exception):
    """What went wrong, in words for people."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that an installed Field Guide has: the command that shows it, and what the command then says."""

    name: str
    command: tuple[str, ...]
    says: str


def parts(version: str) -> tuple[Part, ...]:
    """What is looked for in a new environment, as patterns."""
    exactly = re.escape(version)
    return (
        Part("the version", ("fieldguide", "--version"), rf"^Field Guide {exactly}$"),
        Part("the commands", ("fieldguide", "--help"), r"^ +classroom "),
        Part("JupyterLab's part", ("jupyter", "labextension", "list"), rf"^ *fieldguide v{exactly} enabled OK"),
        Part("the kernel", ("jupyter", "kernelspec", "list"), r"^ *fieldguide +/"),
        Part("the server's part", ("jupyter", "server", "extension", "list"), r"^ *fieldguide\.opening enabled$"),
        Part("Formgrader's part", ("jupyter", "server", "extension", "list"), r"^ *fieldguide\.grading\S* enabled$"),
    )


def missing(version: str, folder: Path, variables: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each part that the environment of these variables does not show."""
    heard: dict[tuple[str, ...], str] = {}
    for part in parts(version):
        if part.command not in heard:
            heard[part.command] = _COLOR.sub("", run(part.name, part.command, folder, variables))
        said = heard[part.command]
        if not re.search(part.says, said, re.MULTILINE):
            yield f"{part.name}: '{' '.join(part.command)}' was to say {part.says!r}, and said:\n{_last_lines(said)}"


def run(what: str, command: tuple[str, ...], folder: Path, variables: Mapping[str, str] | None = None) -> str:
    """Run a command in a folder; returns all that it said. Raises ReleaseError where it fails or is not there."""
    program = shutil.which(command[0], path=variables["PATH"] if variables else None)
    if program is None:
        raise ReleaseError(f"{what}: there is no program {command[0]!r}.")
    command = (program, *command[1:])
    done = subprocess.run(  # noqa: S603 (our own words)
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        said = f"'{' '.join(command)}' ended with {done.returncode}, and said:\n{_last_lines(done.stdout)}"
        raise ReleaseError(f"{what}: {said}")
    return done.stdout


def build(folder: Path) -> tuple[Path, Path, Path]:
    """Make both files in a folder; returns the source distribution, what it unpacks to, and the wheel of that."""
    hatchling = (sys.executable, "-m", "hatchling", "build", "--directory", str(folder), "--target")
    run("the source distribution", (*hatchling, "sdist"), PROJECT)
    (distribution,) = folder.glob("*.tar.gz")
    with tarfile.open(distribution) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # not in Python before 3.11.4
        archive.extractall(folder / "unpacked")  # noqa: S202 (just made by us)
    (unpacked,) = (folder / "unpacked").iterdir()
    run("the wheel", (*hatchling, "wheel"), unpacked)
    (wheel,) = folder.glob("*.whl")
    return distribution, unpacked, wheel


def for_a_server(unpacked: Path, wheel: Path, folder: Path) -> Path:
    """Make the one file that a school's server is set up from; it holds no key."""
    name = f"fieldguide-server-{wheel.name.split('-')[1]}"
    files = (
        *(unpacked / "deploy" / "server").iterdir(),
        unpacked / "requirements-runtime.lock",
        unpacked / "LICENSE",
        wheel,
    )
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
        for file in sorted(files):
            archive.add(file, f"{name}/{file.name}", filter=_roots)
        for page in pages_for_a_server(unpacked):
            archive.add(page, f"{name}/docs/{page.name}", filter=_roots)
    return folder / f"{name}.tar.gz"


def pages_for_a_server(project: Path) -> list[Path]:
    """The pages of docs/ that messages name, and those that these lead to; none holds a key."""
    return sorted(page for page in (project / "docs").glob("*.md") if page.name not in _FOR_AUTHORS)


def _roots(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def install(wheel: Path, locks: Sequence[Path], environment: Path) -> None:
    """Install the wheel in a new environment with what it declares to need, of the versions and hashes of the locks."""
    what, python = "a new environment", str(environment / "bin" / "python")
    if shutil.which("uv"):
        run(what, ("uv", "venv", "--quiet", "--python", sys.executable, str(environment)), wheel.parent)
        exactly = f"{wheel.as_uri()}#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}"
        pip = ("uv", "pip", "install", "--quiet", "--python", python)
        pinned = [part for lock in locks for part in ("-c", str(lock))]
        run(what, (*pip, "--require-hashes", *pinned, f"fieldguide[classroom] @ {exactly}"), wheel.parent)
    else:
        # Where hashes are asked for, pip takes no pin from constraints, so it first fetches all that is pinned.
        run(what, (sys.executable, "-m", "venv", str(environment)), wheel.parent)
        pip, fetched = (python, "-m", "pip", "--quiet", "--disable-pip-version-check"), str(wheel.parent / "fetched")
        pinned = [part for lock in locks for part in ("-r", str(lock))]
        run(what, (*pip, "wheel", "--no-deps", "--require-hashes", *pinned, "-w", fetched), wheel.parent)
        offline = ("install", "--no-index", "--find-links", fetched)
        run(what, (*pip, *offline, f"fieldguide[classroom] @ {wheel.as_uri()}"), wheel.parent)


def away(environment: Path, home: Path) -> dict[str, str]:
    """The variables of somebody who has this environment and nothing else of ours."""
    paths = os.environ["PATH"].split(os.pathsep)
    others = [path for path in paths if not Path(path).resolve().is_relative_to(PROJECT.resolve())]
    # A shell tells in "_" which program it has started, which may be one of ours.
    kept = {name: value for name, value in os.environ.items() if not OWN.match(name) and name != "_"}
    return kept | {"PATH": os.pathsep.join([str(environment / "bin"), *others]), "HOME": str(home)}


def use(unpacked: Path, folder: Path, variables: Mapping[str, str]) -> Path:
    """Build a course, begin one from its content, grade a small class, and run a notebook in our kernel.

    Returns the file of the content. Raises ReleaseError where one fails.
    """
    built = run("building", ("fieldguide", "--project", str(unpacked), "build", "--check"), folder, variables)
    tell(built.strip())
    packed = run("the content", ("fieldguide", "--project", str(unpacked), "course", "pack"), folder, variables)
    (content,) = folder.glob("fieldguide-content-*.tar")
    tell(packed.strip().splitlines()[0])
    begin = ("fieldguide", "course", "new", "begun", "--content", content.name)
    run("a course from the content", begin, folder, variables)
    if not (folder / "begun" / "source" / MODULE / f"{MODULE}.ipynb").is_file():
        raise ReleaseError(f"a course from the content: {MODULE} is not in its source.")
    course = folder / "course"
    course.mkdir()
    make = ("python", "-c", _MAKE_COURSE, str(course), str(unpacked), MODULE, str(STUDENTS))
    run("a course to try", make, folder, variables)
    rows = [f"{student.name},Ana,Reyes\n" for student in sorted((course / "submitted").iterdir())]
    (folder / "class.csv").write_text("".join(("id,first_name,last_name\n", *rows)), encoding="utf-8")
    run("the class list", ("fieldguide", "--project", str(course), "roster", "class.csv"), folder, variables)
    graded = run("grading", ("fieldguide", "--project", str(course), "grade", MODULE), folder, variables)
    if f"{STUDENTS} graded" not in graded:
        raise ReleaseError(f"grading: {STUDENTS} students were to be graded, and it said:\n{_last_lines(graded)}")
    tell(graded.strip().splitlines()[-1])
    notebook = unpacked / "notebooks" / f"{MODULE}.ipynb"
    run("a notebook in our kernel", ("jupyter", "execute", str(notebook)), folder, variables)
    return content


def check(folder: Path) -> tuple[Path, Path, Path, Path]:
    """Make and try a release in a folder; returns its files: the source distribution, the wheel, the content, and what
    a server is set up from.

    Raises ReleaseError.
    """
    folder = folder.resolve()
    if folder.is_relative_to(PROJECT.resolve()):
        raise ReleaseError(
            f"A release is tried away from the project, and {folder} is inside of it. Set TMPDIR to another folder."
        )
    tell("1 of 4: the source distribution, and the wheel from it")
    distribution, unpacked, wheel = build(folder)
    tell("2 of 4: a new environment, with the packages of requirements.lock; this may need the network")
    environment, home = folder / "environment", folder / "home"
    install(wheel, [unpacked / name for name in LOCKS], environment)
    home.mkdir()
    variables = away(environment, home)
    tell("3 of 4: what is installed")
    wrong = list(missing(wheel.name.split("-")[1], home, variables))
    place = ("python", "-c", "import fieldguide; print(fieldguide.__file__)")
    where = run("the package", place, home, variables).strip()
    if not Path(where).is_relative_to(environment):
        wrong.append(f"the package: it was to be in {environment}, and is at {where}.")
    if wrong:
        raise ReleaseError("\n".join(wrong))
    tell("4 of 4: a course is built, a class graded, a notebook run")
    content = use(unpacked, home, variables)
    return distribution, wheel, content, for_a_server(unpacked, wheel, folder)


def main(arguments: list[str]) -> int:
    """Try a release, and keep it unless only a check is asked for."""
    parser = argparse.ArgumentParser(prog="./run release", description="Make a release, and try it away from here.")
    parser.add_argument("--check", action="store_true", help="keep nothing; only say whether it works")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fieldguide-release-") as folder:
        try:
            files = check(Path(folder))
        except ReleaseError as error:
            sys.stderr.write(f"This is no release yet.\n{error}\n")
            return 1
        if not options.check:
            (PROJECT / "dist").mkdir(exist_ok=True)
            for file in files:
                tell(f"dist/{Path(shutil.copy(file, PROJECT / 'dist')).name}")
    tell("It works outside of the project.")
    return 0


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _last_lines(said: str) -> str:
    return "\n".join(f"   {line}" for line in said.strip().splitlines()[-_LAST_LINES:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
