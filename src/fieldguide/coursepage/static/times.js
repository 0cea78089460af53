// Tells times as the reader's own clock and language have them; without this script they stand in UTC.

const shown = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "long",
  day: "numeric",
  month: "long",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
});

for (const el of document.querySelectorAll("time")) el.textContent = shown.format(new Date(el.dateTime));
