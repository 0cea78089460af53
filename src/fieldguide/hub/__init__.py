"""The classroom on JupyterHub: one command, one machine, one instructor and three students.

`classroom.start` is the way in. JupyterHub itself runs as a process of its own, from `jupyterhub_config.py`;
what each role may see in JupyterLab is in `config/`, as files that a real deployment can use too.
"""

__all__ = ["ClassroomError"]


class ClassroomError(Exception):
    """Why the classroom cannot start: one sentence for people, and what to do about it."""
