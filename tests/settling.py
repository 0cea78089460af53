"""Waiting for a page of ours to come to rest, instead of waiting for a time.

A page that runs this script counts its timers and the messages that are under way to Python and back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from patience import DONE_WITHIN, milliseconds
from playwright.sync_api import Page

#: To stand first in the page. ``window.carry(send)`` runs what brings a message to Python and its answers back.
SCRIPT = """{
const due = new Map();
const set = window.setTimeout.bind(window);
const clear = window.clearTimeout.bind(window);
let since = null;
window.setTimeout = (act, ms = 0, ...more) => {
  // On a slow machine a timer acts late. What it sets in turn counts from when it was to act.
  const at = (since ?? performance.now()) + ms;
  const id = set(() => { since = at; try { act(...more) } finally { since = null; due.delete(id) } }, ms);
  due.set(id, at);
  return id;
};
window.clearTimeout = (id) => (due.delete(id), clear(id));
window.underWay = 0;
window.carry = async (send) => {
  window.underWay += 1;
  try { await send(); } finally { window.underWay -= 1; }
};
window.isCarrying = () => underWay > 0;
window.atRestUntil = (moment) =>
  !window.underWay && performance.now() >= moment && ![...due.values()].some((at) => at <= moment);
}"""


def settle(page: Page, ms: int) -> None:
    """Wait until no message is under way and everything that was due within ``ms`` milliseconds has happened."""
    page.wait_for_function(
        "(moment) => atRestUntil(moment)",
        arg=page.evaluate("(ms) => performance.now() + ms", ms),
        timeout=milliseconds(DONE_WITHIN),
    )


def stop_clock(page: Page) -> None:
    """Let time go by in the page only where a test says so: Playwright's clock by itself goes on as clocks do."""
    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(seconds=60))


def pass_time(page: Page, ms: int) -> None:
    """Let time go by in a page whose clock is stopped, and what is sent in it arrive and be answered, which may lead
    to more that is sent."""
    for part in (ms - 2, 1, 1):
        page.clock.run_for(part)
        page.wait_for_function("!isCarrying()")
