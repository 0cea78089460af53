// What somebody else's file brings along to be drawn. A picture from elsewhere tells its writer that the file was opened,
// and a saved widget can do whatever the person can.

const ELSEWHERE = /^(?!data:|attachment:)([a-z][a-z0-9+.-]*:|[\\/]{2})/i;
/** @param {string} value */
const isElsewhere = (value) => ELSEWHERE.test(value.replace(/[\0- ]/g, "")) || /url\s*\(/i.test(value);

// An element of a text as it is drawn: a link may lead anywhere, and nothing else may come from elsewhere.
/**
 * @param {string} tagName
 * @param {Record<string, string>} attribs
 */
function ofHere(tagName, attribs) {
  const kept = Object.entries(attribs).filter(([name, value]) => name === "href" || !isElsewhere(value));
  return { tagName, attribs: Object.fromEntries(kept) };
}

const courses = new WeakSet(); // the models of course notebooks
const guarded = new WeakSet(); // a notebook may be open in two views

// In a course notebook no text fetches anything, and nothing that was saved with it is drawn before the person has
// trusted it or its cells have run. Saved widgets come to life in no notebook that is not trusted. A file is drawn as
// soon as it is read, so all of this is taken out on the way in.
/**
 * @param {Lab.NotebookPanel} panel
 * @param {boolean} isOnServer
 */
export function keepStrangersOut({ context: { model }, content: { rendermime } }, isOnServer) {
  const { sanitizer } = rendermime;
  /** @type {Lab.Sanitizer["sanitize"]} */
  const sanitize = (text, options) =>
    sanitizer.sanitize(text, courses.has(model) ? { ...options, transformTags: { "*": ofHere } } : options);
  rendermime.sanitizer = Object.create(sanitizer, { sanitize: { value: sanitize } });

  if (guarded.has(model)) return;
  guarded.add(model);
  const read = model.fromJSON;
  model.fromJSON = (file) => {
    const code = file.cells.filter((cell) => cell.cell_type === "code");
    // The server has marked what the person trusts; elsewhere the mark may be the file's own.
    const trusted = isOnServer && code.length && code.every((cell) => cell.metadata.trusted);
    if (file.metadata.fieldguide) courses.add(model);
    if (!trusted) delete file.metadata.widgets;
    if (!trusted && courses.has(model)) for (const cell of code) cell.outputs = [];
    read.call(model, file);
  };
}
