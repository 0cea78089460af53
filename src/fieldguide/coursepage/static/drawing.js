// Draws a part of a page anew without taking away what is the same. Where the element that has the focus goes and comes
// again, some screen readers say where one is, and some say nothing.

const IDENTITY = ["id", "href", "action", "name", "value"];

/** @type {(node: Node, name: string) => string | null} */
const attribute = (node, name) => (node instanceof Element ? node.getAttribute(name) : null);

/** @type {(there: Node, wanted: Node) => boolean} */
const isSame = (there, wanted) =>
  there.nodeName === wanted.nodeName && IDENTITY.every((name) => attribute(there, name) === attribute(wanted, name));

/**
 * @param {Element} there
 * @param {Element} wanted
 */
function dress(there, wanted) {
  for (const name of there.getAttributeNames())
    // What somebody has unfolded stays so.
    if (name !== "open" && !wanted.hasAttribute(name)) there.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (there.getAttribute(name) !== value) there.setAttribute(name, value);
  if (there instanceof HTMLInputElement) there.checked = wanted.hasAttribute("checked");
}

/**
 * @param {Node} there
 * @param {Node} wanted
 */
function become(there, wanted) {
  const children = [...wanted.childNodes];
  const had = [...there.childNodes];
  children.forEach((child, place) => {
    const old = had[place];
    if (!old) there.appendChild(child);
    else if (!isSame(old, child)) there.replaceChild(child, old);
    else if (old instanceof Element && child instanceof Element) {
      dress(old, child);
      become(old, child);
    } else if (old.nodeValue !== child.nodeValue) old.nodeValue = child.nodeValue;
  });
  had.slice(children.length).forEach((old) => there.removeChild(old));
}

/**
 * Make ``html`` what stands in an element. Where what had the focus is gone, what has its id now gets it.
 * @param {HTMLElement} element
 * @param {string} html made by this server
 */
export function draw(element, html) {
  const had = document.activeElement;
  const template = document.createElement("template");
  template.innerHTML = html;
  become(element, template.content);
  if (had?.id && !had.isConnected) document.getElementById(had.id)?.focus();
}
