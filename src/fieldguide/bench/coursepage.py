"""``fieldguide bench page``: how soon a module's page can be used, what it moves and what its server holds for it.

The same notebook is opened as a page of the course and in JupyterLab, in turns, on one server and in a browser with
nothing in its cache: times are ratios in one run. The figures are medians.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from fieldguide.bench.pages import Lab, chromium, seconds_until
from fieldguide.responses import ResponseRecord

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

MODULE = "02-safe-social-networking"
SECOND = "05-questions-for-the-classroom"
_TARGET = {"ratio": 0.1, "seconds": 1.0, "all": 2.0, "first": 150_000, "second": 60_000, "memory": 25.0, "saved": 50.0}
_CLICKS = 40
_SAVES = 200
Say = Callable[[str], None]

# When a question and then every one is drawn and has heard what is on record, in ms since the page was asked for.
# Tables, which no answer waits for, come in their own time.
_WATCH = """
window.usable = {};
const ready = (one) => one.querySelector(".fg-root:not([data-unheard])");
const look = () => {
  const data = document.getElementById("fieldguide");
  if (document.querySelector("[data-cell] .fg-card:not([data-unheard])")) usable.first ??= performance.now();
  if (data && document.readyState !== "loading") {
    const { cells } = JSON.parse(data.textContent);
    const places = [...document.querySelectorAll("[data-cell]")].filter((one) => one.dataset.cell in cells);
    if (places.every(ready)) usable.all ??= performance.now();
  }
  if (!usable.all) requestAnimationFrame(look);
};
look();
"""

# From a click to when the card says so.
_CLICK = """
async (count) => {
  const cards = [...document.querySelectorAll(".fg-graded:has(input[type=radio])")];
  const took = [];
  for (let number = 0; number < count; number++) {
    const card = cards[number % cards.length];
    const radios = card.querySelectorAll("input[type=radio]");
    const radio = radios[Math.floor(number / cards.length) % radios.length];
    const line = card.querySelector("[role=status]");
    line.querySelector("p").textContent = "";
    const started = performance.now();
    radio.click();
    await new Promise((done) => {
      const look = () => line.textContent.includes("Saved") && (watch.disconnect(), done());
      const watch = new MutationObserver(look);
      watch.observe(line, { childList: true, subtree: true, characterData: true });
      look();
    });
    took.push(performance.now() - started);
  }
  return took;
}
"""

# As quick as the server answers, each its own request with an answer of its own.
_FAST = """
async ([count, cell, options]) => {
  const { say, news } = JSON.parse(document.getElementById("fieldguide").textContent);
  const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-XSRFToken": token };
  const { seen } = await (await fetch(`${news}?page=bench`)).json();
  const started = performance.now();
  let told = 0;
  for (let n = 1; n <= count; n++) {
    const message = { kind: "save", response: [options[n % options.length]], v: 1, view: "bench", n };
    const body = JSON.stringify({ page: "bench", seen, messages: [{ cell, message }] });
    const answer = await (await fetch(say, { method: "POST", headers, body })).json();
    told += answer.told.some(({ message }) => message.n === n && message.saved && !message.problem);
  }
  return [told, (performance.now() - started) / 1000];
}
"""


def bench_page(project: Path, rounds: int, say: Say) -> None:
    """Measure, and print the figures."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as name:
        folder = Path(name)
        root = folder / "root"
        for module in (MODULE, SECOND):
            shutil.copytree(project / "release" / module, root / module)
        lab = Lab(root, folder)
        try:
            with chromium() as browser:
                rows += _memory(browser, lab)
                rows += _opening(browser, lab, rounds, say)
                rows += _moved(browser, lab)
                rows += _saving(browser, lab, root)
        finally:
            lab.stop()
    for row in rows:
        say("{:<44} {:>26}   {}".format(*row).rstrip())


def _path(module: str) -> str:
    return f"{module}/{module}.ipynb"


def _open(context: BrowserContext, lab: Lab, module: str) -> Page:
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(lab.page(_path(module)))
    page.wait_for_function("() => usable.all")
    return page


def _opening(browser: Browser, lab: Lab, rounds: int, say: Say) -> list[tuple[str, str, str]]:
    first, every, there = [], [], []
    for number in range(rounds + 1):
        context = lab.log_in(browser)
        usable = _open(context, lab, MODULE).evaluate("() => usable")
        context.close()
        (taken,) = seconds_until(browser, lab.address(_path(MODULE)), [_first_question])
        lab.end_kernels()
        if number:  # the first runs fill caches of the disk and do not count
            first.append(usable["first"] / 1000)
            every.append(usable["all"] / 1000)
            there.append(taken)
            say(f"round {number}: page {first[-1]:.2f} s, all {every[-1]:.2f} s; JupyterLab {taken:.2f} s")
    page, whole, other = median(first), median(every), median(there)
    limit = f"at most {_TARGET['ratio']:g} x, {_TARGET['seconds']:g} s"
    return [
        ("in JupyterLab: first question there", f"{other:.2f} s", ""),
        ("page: first question can be used", f"{page:.2f} s = {page / other:.3f} x", limit),
        ("page: every question can be used", f"{whole:.2f} s = {whole / page:.2f} x", f"at most {_TARGET['all']:g} x"),
    ]


def _first_question(page: Page) -> None:
    page.locator(".fg-root.fg-card:not([data-unheard])").first.wait_for(state="attached")


def _moved(browser: Browser, lab: Lab) -> list[tuple[str, str, str]]:
    """What a module's page moves, all in, and another one after it."""
    context = lab.log_in(browser)
    moved = []
    for module in (MODULE, SECOND):
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
        page.add_init_script(_WATCH)
        page.goto(lab.page(_path(module)))
        page.wait_for_function("() => usable.all")
        page.wait_for_load_state("networkidle")
        moved.append(sum(sizes))
        page.close()
    context.close()
    return [
        ("bytes of a module's page, all in", f"{moved[0]:,.0f}", f"at most {_TARGET['first']:,}"),
        ("bytes of a second module's", f"{moved[1]:,.0f}", f"at most {_TARGET['second']:,}"),
    ]


def _memory(browser: Browser, lab: Lab) -> list[tuple[str, str, str]]:
    """What the server holds more with a module open, and what its process for tables holds."""
    context = lab.log_in(browser)
    before = _megabytes(psutil.Process(lab.pid))
    page = _open(context, lab, MODULE)
    tables = [child for child in psutil.Process(lab.pid).children() if "tableworker" in " ".join(child.cmdline())]
    more = _megabytes(psutil.Process(lab.pid)) - before
    beside = sum(map(_megabytes, tables))
    page.close()
    context.close()
    return [
        ("server's memory with a module open, more", f"{more:.1f} MB", f"at most {_TARGET['memory']:g} MB"),
        ("process for its tables, while in use", f"{beside:.1f} MB", ""),
    ]


def _megabytes(process: psutil.Process) -> float:
    """The private memory of a process, where the system tells it."""
    return float(process.memory_full_info().uss) / 1024 / 1024


def _saving(browser: Browser, lab: Lab, root: Path) -> list[tuple[str, str, str]]:
    context = lab.log_in(browser)
    page = _open(context, lab, MODULE)
    data: dict[str, Any] = json.loads(page.locator("#fieldguide").text_content() or "")
    took = page.evaluate(_CLICK, _CLICKS)
    cell, info = next(
        (cell, one["info"])
        for cell, one in data["cells"].items()
        if one["info"].get("type") == "choice" and one["info"]["use"] == "graded"
    )
    options = [option["id"] for option in info["options"]]
    file = ResponseRecord(root / MODULE, MODULE).path
    before = file.read_text("utf-8").count(f'"{info["id"]}"')
    told, seconds = page.evaluate(_FAST, [_SAVES, cell, options])
    kept = file.read_text("utf-8").count(f'"{info["id"]}"') - before
    last = ResponseRecord(root / MODULE, MODULE).of(info["id"]).saved
    lost = _SAVES - min(told, kept) + (last != [options[_SAVES % len(options)]])
    alone = _without_browser(context, page.url, data, cell, options)
    context.close()
    fsync = _fsync(root)
    return [
        ("from a click to Saved", f"{median(took):.0f} ms", f"at most {_TARGET['saved']:g} ms"),
        ("saves a second, one after the other", f"{_SAVES / seconds:.0f}, lost {lost}", f"at least {_SAVES}, lost 0"),
        ("the same, asked by no browser", f"{_SAVES / alone:.0f}", f"at least {_SAVES}"),
        ("one fsync of this disk, for comparison", f"{fsync:.1f} ms", ""),
    ]


def _without_browser(
    context: BrowserContext, address: str, data: dict[str, Any], cell: str, options: list[str]
) -> float:
    """What the server takes to save as often, in seconds: a browser needs as much time again for itself."""
    cookies = {one.get("name", ""): one.get("value", "") for one in context.cookies()}
    headers = {
        "Content-Type": "application/json",
        "X-XSRFToken": cookies["_xsrf"],
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", f"{data['news']}?page=alone", headers=headers)
    seen = json.loads(connection.getresponse().read())["seen"]
    started = time.perf_counter()
    for n in range(1, _SAVES + 1):
        message = {"kind": "save", "response": [options[n % len(options)]], "v": 1, "view": "alone", "n": n}
        body = json.dumps({"page": "alone", "seen": seen, "messages": [{"cell": cell, "message": message}]})
        connection.request("POST", data["say"], body, headers)
        told = json.loads(connection.getresponse().read())["told"]
        if not any(one["message"].get("n") == n and one["message"]["saved"] for one in told):
            raise RuntimeError("An answer was not saved.")
    took = time.perf_counter() - started
    connection.close()
    return took


def _fsync(folder: Path) -> float:
    """What the disk takes to keep a line, in milliseconds."""
    took = []
    with (folder / "probe").open("wb") as file:
        for _ in range(50):
            started = time.perf_counter()
            file.write(b"x" * 150)
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    return median(took)
