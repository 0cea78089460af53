"""What a student's home has before its owner first logs in: the page that JupyterLab begins with."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from fieldguide.hub.environment import CONFIG


def give_start_page(home: Path) -> None:
    """Put the workspace "assignments" into a student's home, where JupyterLab looks for workspaces."""
    start_page = CONFIG / "student" / "workspaces" / "assignments.jupyterlab-workspace"
    # JupyterLab finds a workspace by a file name that ends with the beginning of its name's digest.
    sign = hashlib.sha256(start_page.stem.encode()).hexdigest()[:4]
    workspaces = home / ".jupyter" / "lab" / "workspaces"
    workspaces.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(start_page, workspaces / f"{start_page.stem}-{sign}{start_page.suffix}")


def enter_course(home: Path, course: str) -> None:
    """Have this process, which becomes a student's server, stand in the folder of a course in the student's home, so
    that a student of two courses has the files of each apart."""
    os.umask(0o077)
    folder = home / course
    folder.mkdir(mode=0o700, exist_ok=True)
    give_start_page(home)
    os.chdir(folder)
    os.environ["JUPYTERHUB_ROOT_DIR"] = str(folder)
