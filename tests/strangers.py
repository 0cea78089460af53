"""What a stranger's notebook may have saved to be drawn: something for each type, which would fetch from elsewhere."""

from __future__ import annotations

import base64
import json
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

#: An address that no page of ours has reason to ask for.
ELSEWHERE = "http://elsewhere.test"


def address(name: str) -> str:
    return f"{ELSEWHERE}/{name}"


def html(name: str) -> str:
    at = address(name)
    return (
        f'<img src="{at}/img"><img src="//elsewhere.test/{name}/scheme"><img srcset="{at}/srcset 1x">'
        f'<img src="ht\ntp://elsewhere.test/{name}/broken"><img src="\\\\elsewhere.test/{name}/slashes">'
        f'<iframe src="{at}/iframe"></iframe><iframe srcdoc="<img src={at}/srcdoc>"></iframe>'
        f'<object data="{at}/object"></object><embed src="{at}/embed"><input type="image" src="{at}/input">'
        f'<video autoplay src="{at}/video" poster="{at}/poster"></video><audio autoplay src="{at}/audio"></audio>'
        f'<video autoplay><source src="{at}/source"></video><link rel="stylesheet" href="{at}/link">'
        f'<style>@import "{at}/import";</style><p style="background-image: url({at}/style)">styled</p>'
        f'<p style="list-style-image: url({at}/list); display: list-item">listed</p>'
        f'<table background="{at}/table"></table><svg><image href="{at}/svg" /></svg>'
        f'<script>fetch("{at}/script")</script><img src=x onerror="fetch(\'{at}/on\')">'
    )


def vega(name: str, schema: str) -> dict[str, Any]:
    return {"$schema": f"https://vega.github.io/schema/{schema}.json", "data": {"url": address(name)}, "mark": "point"}


def picture(name: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address(name)}" /></svg>'


WIDGET = "application/vnd.jupyter.widget-view+json"
ACTION = f"<</S/URI/URI({ELSEWHERE}/pdf)>>"
PDF = f"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction{ACTION}>>endobj\ntrailer<</Root 1 0 R>>".encode()
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

#: By type. Types that no stock renderer knows are there too: a school may have installed one that does.
DATA: dict[str, Any] = {
    "text/html": html("html"),
    "text/markdown": f"![]({address('markdown')})\n\n{html('in-markdown')}",
    "text/javascript": f"fetch('{address('javascript')}')",
    "application/javascript": f"fetch('{address('application-javascript')}')",
    "application/vnd.vega.v5+json": {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "data": [{"name": "a", "url": address("vega")}],
        "marks": [{"type": "image", "encode": {"enter": {"url": {"value": address("vega-image")}}}}],
    },
    "application/vnd.vegalite.v3+json": vega("vegalite3", "vega-lite/v3"),
    "application/vnd.vegalite.v4+json": vega("vegalite4", "vega-lite/v4"),
    "application/vnd.vegalite.v5+json": vega("vegalite5", "vega-lite/v5"),
    "application/vnd.vegalite.v6+json": vega("vegalite6", "vega-lite/v6"),
    "image/svg+xml": picture("svg"),
    "image/png": PIXEL,
    "image/jpeg": PIXEL,
    "image/gif": PIXEL,
    "image/bmp": PIXEL,
    "image/webp": f"{PIXEL}\" onerror=\"fetch('{address('webp')}')",
    "application/pdf": base64.b64encode(PDF).decode(),
    "text/latex": rf"$\href{{{address('latex')}}}{{a}} \includegraphics{{{address('graphics')}}}$",
    "text/vnd.mermaid": f'flowchart LR\n a["<img src={address("mermaid")} />"] --> b\n click a "{address("click")}"',
    "application/json": {"url": address("json")},
    "text/jsonl": json.dumps({"url": address("jsonl")}),
    "application/jsonl": json.dumps({"url": address("jsonl")}),
    "application/json-lines": json.dumps({"url": address("jsonl")}),
    "application/geo+json": {"type": "Point", "coordinates": [0, 0], "properties": {"url": address("geojson")}},
    "application/vnd.plotly.v1+json": {"data": [], "layout": {"images": [{"source": address("plotly")}]}},
    WIDGET: {"version_major": 2, "version_minor": 0, "model_id": "a"},
    "text/plain": address("plain"),
    "application/vnd.jupyter.stdout": address("stdout"),
    "application/vnd.jupyter.stderr": address("stderr"),
}


def strange_notebook(*, course: bool) -> NotebookNode:
    """A notebook with an output of every type, and with texts that fetch."""
    outputs = [new_output("display_data", {kind: data}) for kind, data in DATA.items()]
    outputs += [new_output("display_data", {kind: data, "text/plain": "mine"}) for kind, data in DATA.items()]
    isolated = {"text/html": {"isolated": True}}
    outputs.append(new_output("display_data", {"text/html": html("isolated")}, metadata=isolated))
    outputs.append(new_output("execute_result", {"text/html": html("result")}))
    outputs.append(new_output("stream", text=address("stream")))
    outputs.append(new_output("error", ename="Error", evalue="a", traceback=[address("error")]))
    said = {"trusted": True}  # by the file itself
    texts = [new_markdown_cell(html("text"), metadata=said), new_markdown_cell(f"![]({address('text-md')})")]
    drawn = [new_code_cell("1", outputs=[output], metadata=said) for output in outputs]
    notebook = new_notebook(cells=[*texts, *drawn])
    notebook.metadata.kernelspec = {"name": "fieldguide", "display_name": "Field Guide", "language": "python"}
    if course:
        notebook.metadata.fieldguide = {"edition": "student", "module": "01-a", "title": "A"}
    return notebook
