"""What bars people from a page: two engines that look for it, and what no engine looks at."""

from __future__ import annotations

import runpy
from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from conftest import PROJECT
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: What IBM's engine asks a person to look at, or advises beyond WCAG, and what was seen when looking.
ACCEPTED = {
    "aria_content_in_landmark": "Only skip links stand outside of a landmark: they come before all of them.",
    "blockquote_cite_exists": "What is quoted is the student's own text, or is credited in words beside it.",
    "element_tabbable_role_valid": "A table that scrolls sideways is a region that the keyboard reaches, to scroll it.",
    "element_tabbable_visible": "Skip links are in sight while they have the focus; the walk by Tab looks.",
    "element_tabbable_unobscured": "The walk by Tab looks at three points of each stop whether it is in sight.",
    "form_submit_button_exists": "Each form has a button element, which submits unless it says otherwise.",
    "input_checkboxes_grouped": "Asking how sure one is is a switch of its own, and belongs to no other box.",
    "input_fields_grouped": "What belongs together is a group with a name: a card, a step, a table's controls.",
    "input_label_visible": "The question above a box is its label.",
    "list_structure_proper": "HTML lets a div group a pair of a description list; axe looks at its structure.",
    "style_color_misuse": "What a color says is said in words or by a shape too; forced colors were looked at.",
    "style_focus_visible": "The focus has an outline of its own everywhere; the walk by Tab measures it.",
    "style_highcontrast_visible": "Pages are gone through with forced colors too.",
    "style_viewport_resizable": "The window only chooses between two sizes in rem; pages are enlarged to 400 %.",
    "text_block_heading": "A label over a folded list, and a line to fill in on paper, are no headings.",
    "text_quoted_correctly": "Quotation marks are how a running text quotes.",
    "text_sensory_misuse": "Such words tell stories (what is left to do), and not how to use the page.",
}

#: Rules of IBM's that only ever ask, take as long as all others together, and are in ACCEPTED.
_LEFT_OUT = ("element_tabbable_unobscured", "style_focus_visible")

_CHECK = """async ([within, only, leftOut]) => {
    const folded = document.querySelectorAll("details:not([open])"); // the engine takes what is folded for shown
    for (const part of folded) part.open = true;
    const checker = new window.ace.Checker();
    const rules = checker.rulesetRules.WCAG_2_2;
    checker.rulesetRules.WCAG_2_2 = rules.filter((rule) => only ? rule === only : !leftOut.includes(rule));
    if (![...leftOut, ...(only ? [only] : [])].every((rule) => rules.includes(rule))) throw Error("no such rule");
    const found = [];
    for (const part of document.querySelectorAll(within)) {
        found.push(...(await checker.check(part, ["WCAG_2_2"])).results);
    }
    for (const part of folded) part.open = false;
    return found.filter(({ value }) => value[1] !== "PASS")
        .map(({ ruleId, reasonId, value, message, snippet }) => ({ ruleId, reasonId, value, message, snippet }));
}"""

#: What WCAG 1.4.12 lets a reader set.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }"""

_FITS = """() => {
    const name = (node) => `<${node.localName} class="${node.className}"> ${node.textContent.trim().slice(0, 60)}`;
    const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !node.closest(".unseen, .fg-unseen, .skip, [aria-hidden=true]");
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) faults.push(`the page is ${root.scrollWidth} wide in ${innerWidth}`);
    // A sign stands for its words, which are read out; a title that ends in dots stands whole as the page's heading.
    const heading = document.querySelector("h1")?.textContent.trim();
    const isShortOnPurpose = (node) => node.matches(".home")
        || getComputedStyle(node).textOverflow === "ellipsis" && node.textContent.trim() === heading;
    const scrolls = (node) => node.closest(".fg-scroll, pre, [popover]");
    for (const node of document.body.querySelectorAll("*")) {
        if (!seen(node)) continue;
        const { overflowX, overflowY } = getComputedStyle(node);
        const cut = ["hidden", "clip"];
        if (isShortOnPurpose(node)) continue;
        if (cut.includes(overflowX) && node.scrollWidth > node.clientWidth + 1
            || cut.includes(overflowY) && node.scrollHeight > node.clientHeight + 1) {
            faults.push(`cut off: ${name(node)}`);
        }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const lines = [];
    while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !seen(parent) || parent.closest("option, script")) continue;
        if (isShortOnPurpose(parent)) continue;
        const afloat = parent.closest(".bar, .offer, [popover], .contents, .projected .steps");
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        for (const { left, right, top, bottom, width, height } of range.getClientRects()) {
            if (width < 2 || scrolls(parent)) continue;
            if (!afloat && (right > innerWidth + 1 || left < -1)) faults.push(`outside of the window: ${name(parent)}`);
            // The line boxes of a font are higher than its letters.
            lines.push({ parent, afloat, left, right, top: top + height * 0.25, bottom: bottom - height * 0.25 });
        }
    }
    lines.sort((one, other) => one.top - other.top);
    lines.forEach((one, at) => {
        for (let next = at + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
            const other = lines[next];
            const meet = Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1;
            const both = `${name(one.parent)} AND ${name(other.parent)}`;
            if (meet && one.afloat === other.afloat) faults.push(`overlap: ${both}`);
        }
    });
    return [...new Set(faults)];
}"""

#: Where the focus is and how it is shown; ``visited`` holds what had it before.
_FOCUSED = """() => {
    const at = document.activeElement;
    const before = window.last;
    window.last = at;
    if (!at || at === document.body) return null;
    const outline = (node) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
    };
    const again = visited.has(at);
    visited.add(at);
    const { left, right, top, bottom } = at.getBoundingClientRect();
    const [above, below] = [Math.max(top, 0) + 2, Math.min(bottom, innerHeight) - 2];
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const parts = [at, ...(at.labels ?? [])];
    const own = (hit) => hit && (hit.contains(at) || parts.some((part) => part.contains(hit)));
    const [first, middle, last] = [above, (above + below) / 2, below].map((y) => own(document.elementFromPoint(x, y)));
    // The nearest color behind the outline, which stands outside of the element.
    let behind = at.parentElement;
    const isClear = (node) => getComputedStyle(node).backgroundColor === "rgba(0, 0, 0, 0)";
    while (behind.parentElement && isClear(behind)) behind = behind.parentElement;
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const light = (color) => {
        canvas.fillStyle = "#fff";
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data]
            .map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const two = [light(getComputedStyle(at).outlineColor), light(getComputedStyle(behind).backgroundColor)].sort();
    const text = at.ariaLabel || at.labels?.[0]?.textContent || at.textContent;
    return {
        name: `<${at.localName} id="${at.id}"> ${text.trim().slice(0, 60)}`,
        outline: outline(at),
        stays: Boolean(before?.isConnected && before !== document.body && before !== at && outline(before)),
        contrast: (two[1] + 0.05) / (two[0] + 0.05),
        again,
        same: before === at, // the day, month and year of a date are stops within one box
        hidden: above > below || !middle,
        covered: !first || !last,
    };
}"""

#: Stops that Tab has to reach: of radio buttons of one name one.
_STOPS = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const stops = all.filter((node) => node.tabIndex >= 0 && !node.disabled && node.type !== "hidden")
        .filter((node) => node.checkVisibility());
    const first = (node) => stops.find((other) => other.name === node.name);
    return stops.filter((node) => node.type !== "radio" || node === first(node)).length;
}"""

_SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((node) => node.checkVisibility() && node.type !== "hidden" && !node.matches(".skip"))
    .filter((node) => {
        // A link within a sentence is as high as its line.
        if (node.localName === "a" && getComputedStyle(node).display === "inline"
            && node.closest("p, li, dd, td, blockquote")?.textContent.trim() !== node.textContent.trim()) return false;
        const parts = [node, ...(node.labels ?? [])].map((part) => part.getBoundingClientRect());
        return !parts.some(({ width, height }) => width >= 24 && height >= 24);
    })
    .map((node) => node.outerHTML.slice(0, 160))"""

_OUTLINE = """() => ({
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((node) => node.checkVisibility())
        .map((node) => [Number(node.localName[1]), node.innerText.trim()]),
    mains: document.querySelectorAll("main").length,
    banners: document.querySelectorAll("body > header").length,
    navigations: [...document.querySelectorAll("nav")].map((node) =>
        node.ariaLabel ?? document.getElementById(node.getAttribute("aria-labelledby"))?.textContent ?? ""),
})"""


def found_by_axe(page: Page, within: str = "html", only: str = "") -> list[str]:
    """What axe-core finds in a part of a page; ``only`` names the one rule to look by."""
    options = {
        "runOnly": {"type": "rule", "values": [only]} if only else {"type": "tag", "values": WCAG},
        "resultTypes": ["violations"],  # to tell what is right takes it as long as to look
    }
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found]


@cache
def _ibm() -> str:
    assert runpy.run_path(str(PROJECT / "tools" / "javascript.py"))["bring"]()
    engine = PROJECT / "node_modules" / "accessibility-checker-engine" / "ace.js"
    return f"{engine.read_text('utf-8')}\n; window.ace = ace; 0"


def found_by_ibm(page: Page, within: str = "html", only: str = "") -> list[str]:
    """What IBM's engine finds in a part of a page, and what of its questions nobody has looked at yet.

    ``only`` names the one rule to look by.
    """
    if not page.evaluate("window.ace !== undefined"):
        page.evaluate(_ibm())
    found: list[dict[str, Any]] = page.evaluate(_CHECK, [within, only, _LEFT_OUT])
    return [
        f"{' '.join(one['value'])} {one['ruleId']} ({one['reasonId']}): {one['message']} {one['snippet'][:160]}"
        for one in found
        if one["value"] == ["VIOLATION", "FAIL"] or one["ruleId"] not in ACCEPTED
    ]


def not_fitting(page: Page) -> list[str]:
    """What does not fit the window: wider than it, cut off, or over another text."""
    found: list[str] = page.evaluate(_FITS)
    return found


def space_out(page: Page, text: str = SPACING) -> None:
    """Give the text the room that WCAG 1.4.12 lets a reader give it; with no `text`, take it back."""
    page.evaluate(
        """(text) => {
            const sheet = new CSSStyleSheet(); // the one way in which the page's Content-Security-Policy lets it in
            sheet.replaceSync(text);
            document.adoptedStyleSheets = [sheet];
        }""",
        text,
    )


def too_small(page: Page) -> list[str]:
    """Targets with less than 24 by 24 CSS pixels, the label that works them included."""
    found: list[str] = page.evaluate(_SMALL)
    return found


def outline_faults(page: Page) -> list[str]:
    """What is wrong with the page's language, title, landmarks and headings."""
    told = page.evaluate(_OUTLINE)
    levels = [level for level, _ in told["headings"]]
    names = [name for _, name in told["headings"]]
    jumps = [names[at] for at in range(1, len(levels)) if levels[at] > levels[at - 1] + 1]
    checks = {
        f"language {told['language']!r}": told["language"] == "en",
        f"title {told['title']!r}": bool(told["title"].strip()),
        f"main landmarks: {told['mains']}": told["mains"] == 1,
        f"banners: {told['banners']}": told["banners"] <= 1,
        f"navigations: {told['navigations']}": all(told["navigations"])
        and len(set(told["navigations"])) == len(told["navigations"]),
        f"headings without a text: {names}": all(names),
        f"headings of level 1: {levels}": levels.count(1) == 1,
        f"levels are left out before {jumps}": not jumps,
    }
    return [what for what, holds in checks.items() if not holds]


def walk(page: Page, key: str = "Tab") -> list[str]:
    """What is wrong when Tab, or Shift+Tab, is pressed from one end of a page to the other."""
    page.emulate_media(reduced_motion="reduce")  # what is still on its way into sight cannot be measured
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0); window.last = null; window.visited = new Set()")
    # What scrolls in a window of another size becomes a stop, or none, once the page has been drawn.
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    wanted = page.evaluate(_STOPS)
    address = page.url
    seen = again = 0
    faults = []
    for _ in range(3 * wanted + 20):
        page.keyboard.press(key)
        stop = page.evaluate(_FOCUSED)
        if stop is None:  # out of the page, and in again at its other end
            continue
        if stop["same"]:
            continue
        if stop["again"]:
            again += 1
            # Coming in again takes a moment, and a key pressed within it goes by the first stop.
            if seen >= wanted or again > seen:
                break
            continue
        seen += 1
        again = 0
        name = stop["name"]
        faults += [f"no outline at {name}"] if stop["outline"] < 2 else []
        faults += [f"an outline of {stop['contrast']:.1f} to 1 at {name}"] if stop["contrast"] < 3 else []
        faults += [f"the outline stays behind before {name}"] if stop["stays"] else []
        faults += [f"hidden: {name}"] if stop["hidden"] else []
        faults += [f"covered in part: {name}"] if stop["covered"] else []
    if page.url != address:
        faults.append(f"it leads to {page.url}")
    if seen < wanted:
        faults.append(f"{key} reaches {seen} of {wanted}")
    return faults


def bars_nobody(page: Page, within: str = "html") -> None:
    """Neither engine finds anything in these parts of a page, nor too little contrast in dark or a system's colors."""
    assert found_by_axe(page, within) == []
    assert found_by_ibm(page, within) == []
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(page, within, only="color-contrast") == []
    assert found_by_ibm(page, within, only="text_contrast_sufficient") == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert found_by_axe(page, within, only="color-contrast") == []
    assert found_by_ibm(page, within, only="text_contrast_sufficient") == []
    page.emulate_media(forced_colors="none")


def fits_every_window(page: Page) -> None:
    """Nothing is cut off, covered or too wide: in a narrow window, at 400 %, and with more room in the text."""
    for width, height in ((1200, 900), (320, 800), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        assert not_fitting(page) == [], (width, height)
        assert too_small(page) == [], (width, height)
    space_out(page)
    for width, height in ((320, 800), (1200, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert not_fitting(page) == [], ("text spacing", width, height)
    space_out(page, "")


def walks_by_keyboard(page: Page) -> None:
    """Tab comes by everything, there and back, and each stop is in sight with the focus shown."""
    assert walk(page) == []
    page.set_viewport_size({"width": 390, "height": 700})
    page.emulate_media(color_scheme="dark")
    assert walk(page, "Shift+Tab") == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    page.set_viewport_size({"width": 1200, "height": 900})
    assert walk(page) == []
    page.emulate_media(forced_colors="none")
