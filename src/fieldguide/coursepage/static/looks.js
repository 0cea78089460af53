// Light or dark, where somebody would rather not have what their system has. A cookie keeps it, so that the server makes
// each page so: nothing flashes, and no page waits for a script.
const KEY = "fieldguide-looks";
const YEAR = 365 * 24 * 60 * 60;
const choices = ["light", "dark"];

const label = /** @type {HTMLElement} */ (document.getElementById("looks"));
const menu = /** @type {HTMLSelectElement} */ (label.querySelector("select"));

const kept = () => choices.find((look) => document.cookie.split("; ").includes(`${KEY}=${look}`));

/** @param {string | undefined} look */
const show = (look) => {
  if (look) document.documentElement.dataset.looks = look;
  else delete document.documentElement.dataset.looks;
  menu.value = look ?? "system";
};

label.hidden = false;
menu.addEventListener("change", () => {
  const look = choices.find((one) => one === menu.value);
  document.cookie = `${KEY}=${look ?? ""}; path=${label.dataset.path}; max-age=${look ? YEAR : 0}; samesite=lax`;
  show(look); // where the browser keeps nothing, it holds for this page
});
addEventListener("pageshow", ({ persisted }) => persisted && show(kept())); // chosen on another page meanwhile
