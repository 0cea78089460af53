// Tells times as the reader's own clock and language have them; without this script they stand in UTC.

const { lang } = document.documentElement;
// Somebody who reads English may live where the clock has 24 hours.
const locale = navigator.languages.find((one) => one.split("-")[0] === lang.split("-")[0]) ?? lang;
const day = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long" });
const exact = new Intl.DateTimeFormat(locale, { ...day, hour: "numeric", minute: "2-digit", timeZoneName: "short" });

/**
 * A moment as one says it when it is near: tomorrow, 11:59 PM.
 * @param {Date} moment
 * @param {Date} now
 */
export function near(moment, now) {
  const number = (/** @type {Date} */ one) => Date.UTC(one.getFullYear(), one.getMonth(), one.getDate()) / 86400000;
  const days = number(moment) - number(now);
  const time = moment.toLocaleTimeString(locale, { timeStyle: "short" });
  if (Math.abs(days) < 2) return `${new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")}, ${time}`;
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return `${moment.toLocaleDateString(locale, { ...day, year })}, ${time}`;
}

/** Say all times of the page; those that are marked so, as one says what is near. */
export function sayTimes() {
  for (const el of document.querySelectorAll("time")) {
    const moment = new Date(el.dateTime);
    el.textContent = "near" in el.dataset ? near(moment, new Date()) : exact.format(moment);
  }
}

sayTimes();
