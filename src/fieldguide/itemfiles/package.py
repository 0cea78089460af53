"""Packages as IMS has them: a zip of XML files, and a manifest that names them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree

#: The same module makes the same file, whenever it is made.
_WHEN = (2026, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, Any]) -> bytes:
    """A zip of XML documents (lxml elements) by their paths."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, root in files.items():
            text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
            archive.writestr(zipfile.ZipInfo(path, _WHEN), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()
