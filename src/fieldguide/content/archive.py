"""A course's content as one file: a tar archive of plain files, and first a manifest with the checksum of each.

The same content makes the same file, to the byte, on every machine: nothing in it tells when or by whom it was made,
and it is not compressed, as programs that compress differ. **It holds every key**, so it is for its owner alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldguide import __version__
from fieldguide.content.files import digest, files_in
from fieldguide.content.notebooks import NotebookError, read_notebook
from fieldguide.grading.course import CourseError
from fieldguide.items.norming import FOLDER as NORMING
from fieldguide.plainfiles import read_own

SETTINGS = "nbgrader_config.py"
#: What the class report calls the guide's statements by.
STATEMENTS = "modules/data/statements.csv"
_MANIFEST = "manifest.json"
_FORM = 1
_LARGEST = 256 << 20
_PART = r"[^/\\\0]*[^/\\\0.][^/\\\0]*"
#: Where a file of a course's content may stand, and nowhere else.
_PLACE = re.compile(
    rf"{re.escape(SETTINGS)}|{re.escape(STATEMENTS)}|{NORMING.as_posix()}/{_PART}|source/[^/\\\0.][^/\\\0]*/{_PART}(?:/{_PART})*"
)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a course: its files by their paths in a course folder, and the version that they are.

    A version is Field Guide's own and the beginning of a digest of all files, so that no two contents share one.
    """

    files: Mapping[str, bytes]
    version: str

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the modules, in order."""
        return tuple(sorted({name.split("/")[1] for name in self.files if name.startswith("source/")}))

    def module(self, name: str) -> dict[str, bytes]:
        """The files of a module by their paths in its folder."""
        beginning = f"source/{name}/"
        return {
            path.removeprefix(beginning): content for path, content in self.files.items() if path.startswith(beginning)
        }

    @property
    def beside(self) -> dict[str, bytes]:
        """The files that belong to no module and are no settings: norming sets, and what reports call statements by."""
        return {name: content for name, content in self.files.items() if name.startswith("modules/")}


def gather(project: Path, source: Path | None = None) -> Content:
    """The content of a project, or of a course folder, whose ``source`` may have another place.

    Raises CourseError where there is none.
    """
    source = source or project / "source"
    names = sorted(path.name for path in source.glob("[!.]*") if any(path.glob("*.ipynb"))) if source.is_dir() else []
    if not names:
        raise CourseError(
            f"There are no modules in {source}. Name the folder that has them in source/ with --project; modules that "
            "are only written are built with: fieldguide build"
        )
    files = {f"source/{name}/{path}": content for name in names for path, content in files_in(source / name).items()}
    norming = project / NORMING
    if norming.is_dir():
        files |= {f"{NORMING.as_posix()}/{path}": content for path, content in files_in(norming).items()}
    for name in (SETTINGS, STATEMENTS):
        if (project / name).is_file():
            files[name] = read_own(project / name, _LARGEST)
    return Content(dict(sorted(files.items())), f"{__version__}-{_end(files)}")


def pack(content: Content) -> bytes:
    """The file of a content. Raises CourseError where a module cannot be read."""
    manifest = {
        "fieldguide_content": _FORM,
        "version": content.version,
        "modules": {name: _about(name, content.module(name)) for name in content.modules},
        "files": {name: _sum(data) for name, data in content.files.items()},
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in ((_MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n"), *content.files.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def _about(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the manifest says of a module: its title, its version, and of each question what it is for and a digest."""
    try:
        read = read_notebook(files.get(f"{name}.ipynb", b""))
    except NotebookError as error:
        raise CourseError(f"source/{name}/{name}.ipynb cannot be read: {error}") from error
    return {
        "title": read.title,
        "version": digest(files)[:12],
        "items": {
            id_: {"use": one.item.use, "points": one.item.points, "sha256": _sum(one.text.encode())}
            for id_, one in read.questions.items()
        },
    }


def read_content(path: Path) -> Content:
    """The content of a file. Raises CourseError, which says what is wrong with it, where any of it is not as it was
    packed."""
    try:
        packed = read_own(path, _LARGEST)
    except OSError as error:
        raise CourseError(f"{path} could not be read: {error.strerror or error}.") from error
    return unpack(packed, str(path))


def unpack(packed: bytes, shown_as: str) -> Content:
    """The same from the bytes of a file, which is ``shown_as`` in what is told."""

    def refused(why: str) -> CourseError:
        return CourseError(
            f"{shown_as} was not taken: {why}. Nothing was changed. Get the file once more, fieldguide-content-….tar, "
            "from whoever gave it to you."
        )

    manifest: Any = None
    files: dict[str, bytes] = {}
    try:
        for name, data in _members(packed):
            if manifest is None:
                manifest = json.loads(data) if name == _MANIFEST and data is not None else {}
                if not isinstance(manifest, dict) or "fieldguide_content" not in manifest:
                    raise refused("it holds no content of a course")
                if manifest["fieldguide_content"] != _FORM:
                    raise refused("it is of a newer form; update Field Guide first")
                continue
            if data is None:
                raise refused(f"'{name}' in it is a link, a folder or a device, and no plain file")
            if not _PLACE.fullmatch(name) or name in files:
                raise refused(f"'{name}' in it is out of place")
            files[name] = data
        sums, version = (manifest or {})["files"], str((manifest or {})["version"])
        wrong = sorted(name for name in {*sums, *files} if sums.get(name) != _sum(files.get(name)))
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refused("it is cut off, damaged, or no content of a course") from error
    if wrong:
        what = "is not in it" if wrong[0] not in files else "has another checksum than its manifest says"
        raise refused(f"'{wrong[0]}' {what}" + (f", and {len(wrong) - 1} more" if wrong[1:] else ""))
    content = Content(files, version)
    if version.rpartition("-")[2] != _end(files) or not content.modules:
        raise refused("it is not the version that its manifest says")
    for name in content.modules:
        if f"source/{name}/{name}.ipynb" not in files:
            raise refused(f"its module '{name}' has no notebook of that name")
    return content


def _members(packed: bytes) -> Iterator[tuple[str, bytes | None]]:
    """The name and the content of each member; None for one that is no plain file."""
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            data = stream.read() if stream else None
            if data is not None and len(data) != member.size:
                raise EOFError
            yield member.name, data


def _end(files: Mapping[str, bytes]) -> str:
    """What a version ends with."""
    return digest(files)[:8]


def _sum(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
