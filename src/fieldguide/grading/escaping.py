"""nbgrader's page templates, changed so that every value is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.handlers import template_path

#: A string inside a script, where HTML escapes would not be decoded.
_IN_SCRIPT = re.compile(r'"\{\{ ([\w.]+) \}\}"(?=;)')
#: The values of nbconvert's templates that are text; the others are HTML.
_IN_PAGE = re.compile(r"\{\{ (resources\.\w+|cell\.metadata\.nbgrader\.grade_id) \}\}")


class EscapingLoader(BaseLoader):
    """Loads templates from another loader, and escapes names in nbgrader's own ones."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, file, is_current = self._loader.get_source(environment, template)
        if file is not None and Path(file).resolve().is_relative_to(Path(template_path).resolve()):
            source = _IN_PAGE.sub(r"{{ \1 | e }}", _IN_SCRIPT.sub(r"{{ \1 | tojson }}", source))
        return source, file, is_current


class SubmissionPageExporter(HTMLExporter):  # type: ignore[misc]
    """Makes Formgrader's page of a submission from templates that escape names."""

    def _create_environment(self) -> Any:
        environment = super()._create_environment()
        environment.loader = EscapingLoader(environment.loader)
        return environment
