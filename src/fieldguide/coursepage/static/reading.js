// What a module's page does for its reader, apart from its questions.
import { followContents } from "./contents.js";
import { goToNamed, rememberPlace } from "./place.js";
import { nameScrollers } from "./scrollers.js";
import { showTerms } from "./terms.js";

/** @type {PageData} */
const { store, words } = JSON.parse(/** @type {HTMLElement} */ (document.querySelector("script#fieldguide")).textContent ?? "");

for (const link of document.querySelectorAll(".prose a[href^='http']")) {
  link.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: ` (${words.leaves})` }));
}
followContents();
nameScrollers(words);
showTerms(words);
rememberPlace(store, words);
goToNamed();
