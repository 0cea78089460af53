"""Checks what is in ``deploy/kubernetes/`` as far as a machine without a cluster can: ``./run cluster``.

The manifests against Kubernetes' own schemas, the Dockerfile by hadolint, and a pod of each role as kubespawner would
make it. With ``--chart FOLDER``, a copy of JupyterHub's chart, also the values against the schema that it has. What
this needs is in an environment of its own, from requirements-clustercheck.lock.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from environments import bring

PROJECT = Path(__file__).parent.parent
LOCK = PROJECT / "requirements-clustercheck.lock"
ENVIRONMENT = PROJECT / ".venv-cluster"
FILES = PROJECT / "deploy" / "kubernetes"


def main(arguments: list[str] | None = None) -> int:
    """Check everything; the exit code."""
    parser = argparse.ArgumentParser(prog="./run cluster", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--chart", type=Path, help="the folder of JupyterHub's chart, with values.schema.yaml")
    chart = parser.parse_args(arguments).chart
    if not bring(ENVIRONMENT, LOCK, "what checks the files for a cluster, once: about 250 MB"):
        return 1
    programs = ENVIRONMENT / "bin"
    # The part of the package that the hub runs, without what else the package needs.
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    look = [programs / "python", "-P", Path(__file__).with_name("clusterfiles.py"), FILES, *([chart] if chart else [])]
    commands = ([programs / "hadolint", FILES / "Dockerfile"], look)
    failed = [subprocess.run(command, env=environment).returncode for command in commands]  # noqa: S603 (our own)
    return max(failed)


if __name__ == "__main__":
    sys.exit(main())
