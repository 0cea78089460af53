// How many graded questions are answered: in the bar, in words and as a picture, and in the contents of each section.

/**
 * @param {Progress} progress
 * @param {Words} words
 */
export function showProgress({ graded: { total, answered, unanswered }, handed_in: last }, words) {
  const say = (/** @type {number} */ done, /** @type {number} */ all) => words.answered.replace("{answered}", String(done)).replace("{total}", String(all));
  const place = document.getElementById("progress");
  const next = /** @type {HTMLAnchorElement | null} */ (document.getElementById("skip-next"));
  if (!place || !next) return;
  next.hidden = !unanswered.length;
  if (unanswered.length) next.href = `#fg-${unanswered[0].id}`;
  const missing = new Set(unanswered.map(({ id }) => id));
  for (const told of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#contents [data-questions]"))) {
    const ids = told.dataset.questions?.split(" ") ?? [];
    const done = ids.filter((id) => !missing.has(id)).length;
    told.textContent = say(done, ids.length);
    told.classList.toggle("is-done", done === ids.length);
  }
  const handIn = document.getElementById("hand-in");
  const settled = last?.changed.length === 0;
  handIn?.classList.toggle("is-quiet", settled || (!last && (!total || answered < total)));
  if (handIn) handIn.textContent = words[settled ? "handed_in" : "hand_in"];
  if (!total) return place.replaceChildren();
  const open = new Set(unanswered.map(({ number }) => number));
  const line = document.createElement("span");
  line.textContent = say(answered, total);
  const picture = Object.assign(document.createElement("span"), { className: "steps" });
  picture.setAttribute("aria-hidden", "true");
  for (let n = 1; n <= total; n++) {
    picture.append(Object.assign(document.createElement("i"), { className: open.has(n) ? "" : "is-done" }));
  }
  place.replaceChildren(line, picture);
}
