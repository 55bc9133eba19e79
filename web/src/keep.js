/* What the browser keeps for the learner: drafts of code, and switches. Storage may be full or forbidden; then
 * nothing is kept, and everything else works. */

const drafts = "phial:draft:";

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    /* Not kept; see above. */
  }
}

/* A draft belongs to the text that it was made from: when a lesson's snippet has changed, the draft is void. */
export function draft(name, original) {
  const kept = JSON.parse(read(drafts + name) ?? "null");
  return kept && kept.original === digest(original) ? kept.code : null;
}

export function keepDraft(name, original, code) {
  write(drafts + name, code === original ? null : JSON.stringify({ original: digest(original), code }));
}

export function forgetDraft(name) {
  write(drafts + name, null);
}

/* Who signs out leaves nothing on a shared machine. */
export function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(drafts)) localStorage.removeItem(key);
  } catch {
    /* Nothing was kept. */
  }
}

export function choice(name, otherwise) {
  return read("phial:" + name) ?? otherwise;
}

export function keepChoice(name, value) {
  write("phial:" + name, value);
}

/* FNV-1a: tells texts apart, no more. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
