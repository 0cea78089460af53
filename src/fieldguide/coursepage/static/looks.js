// Light or dark, where somebody would rather not have what their system has. No module, so that it runs before the page is
// shown: nothing flashes. The browser keeps it, and nobody else knows.
{
  const KEY = "fieldguide-looks";
  const choices = ["light", "dark"];

  const kept = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return ""; // a browser that keeps nothing has its system's look
    }
  };

  /** @param {string} look */
  const show = (look) => {
    if (choices.includes(look)) document.documentElement.dataset.looks = look;
    else delete document.documentElement.dataset.looks;
    const menu = document.querySelector("#looks select");
    if (menu instanceof HTMLSelectElement) menu.value = choices.includes(look) ? look : "system";
  };

  show(kept());
  addEventListener("storage", ({ key, newValue }) => key === KEY && show(newValue ?? "")); // chosen on another page
  document.addEventListener("DOMContentLoaded", () => {
    show(kept());
    const label = document.getElementById("looks");
    if (!label) return;
    label.hidden = false;
    label.addEventListener("change", ({ target }) => {
      const look = target instanceof HTMLSelectElement ? target.value : "";
      show(look);
      try {
        localStorage.setItem(KEY, look);
      } catch {
        // It holds for this page.
      }
    });
  });
}
