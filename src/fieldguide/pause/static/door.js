// The door of the script for a page that has the button already, and gets the rest with its first press.
/** @param {{ button: HTMLButtonElement, box: HTMLTextAreaElement, words: Words, styles: string, ask: Wire["review"] }} page */
export default function ({ button, box, words, styles, ask }) {
  const id = "fg-review-styles";
  const sheet = document.getElementById(id) ?? document.head.appendChild(make("style", { id }));
  sheet.textContent = styles;
  reviewWith(button, box, words, ask)();
}
