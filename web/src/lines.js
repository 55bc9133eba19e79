/* What a page can tell from the text of a program alone. */

/* Whether a program seems to ask for input. A guess is enough: it decides what is offered, not what works. */
const reads = {
  elixir: /\bIO\.(gets|read|binread|stream|binstream|getn)\b|:stdio\b|:io\.(get_line|fread)\b/,
  erlang: /\bio:(get_line|get_chars|fread|read)\b/,
  python: /\binput\s*\(|\bsys\.stdin\b/,
  javascript: /\bprocess\.stdin\b|\breadline\b|["'`]\/dev\/stdin\b|readFileSync\(0/,
  c: /\b(f?gets|getline|f?scanf|getchar|fgetc|fread|read)\s*\(/,
  bash: /\bread\b|\bcat\b|\bmapfile\b/,
};

export function readsInput(language, code) {
  return reads[language]?.test(code) ?? false;
}

/* Lines that stand before the learner's own are not his: they are counted off. */
export function countLines(text) {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

export function ownLines(list, before) {
  return list.map((one) => ({ ...one, line: one.line - before })).filter((one) => one.line >= 1);
}

/* What a definition or a directive evaluates to tells a learner nothing. */
export function worthShowing(language, value, line = "") {
  if (language !== "elixir" || value === null || value === undefined) return true;
  return !value.startsWith("{:module, ") && !/^\s*(alias|import|require|use)\b/.test(line);
}

export function valuesToShow(language, code, values) {
  const lines = code.split("\n");
  return values.filter(({ line, value }) => worthShowing(language, value, lines[line - 1]));
}
