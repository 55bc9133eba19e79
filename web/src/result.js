/* What stands under a form: verdict, output, value, diagnostics. The server makes the same elements and classes for
 * who has no JavaScript. Streams write into it; live answers change it in place. */
import { element, milliseconds, reachByKeyboard, setText } from "./dom.js";

/* More than this in one page helps nobody and makes it slow; the run itself has a bound of its own. */
const mostText = 200000;

const sentences = {
  ok: "It ran.",
  error: "It ended with an error.",
  compile_error: "It could not be compiled.",
  timeout: "It ran out of time.",
  memory: "It ran out of memory.",
  output_limit: "It wrote more than it may.",
  killed: "It was stopped.",
};

export function sentenceOf(answer) {
  return sentences[answer.status] ?? "It ended.";
}

export class ResultView {
  /* `onLine(line, column)` is called when the reader asks for a place in the code. */
  constructor(container, onLine = () => {}) {
    this.container = container;
    this.onLine = onLine;
    /* The whole box would be read out at each change: what is said goes through `spoken` alone. */
    container.removeAttribute("role");
    container.removeAttribute("aria-live");
    this.spoken = element("p.visually-hidden", { role: "status" });
    container.after(this.spoken);
    this.parts = new Map();
    this.waiting = { stdout: "", stderr: "" };
  }

  clear() {
    this.container.replaceChildren();
    this.container.classList.remove("stale");
    this.parts.clear();
    this.waiting = { stdout: "", stderr: "" };
  }

  say(text) {
    setText(this.spoken, text);
  }

  /* ---- parts: each has a name, a place in a fixed order, and is made when it has something to show ---- */

  static order = ["verdict", "note", "say", "diagnostics", "output", "errors", "input", "value", "tests", "after"];

  put(name, node) {
    /* What the server put there, an expected output or a form's result, goes with the first of our own. */
    if (this.parts.size === 0 && node) this.container.replaceChildren();
    const old = this.parts.get(name);
    if (node === null) {
      old?.remove();
      this.parts.delete(name);
      return null;
    }
    if (old === node) return node;
    if (old) {
      old.replaceWith(node);
    } else {
      const later = ResultView.order.slice(ResultView.order.indexOf(name) + 1);
      const next = later.map((other) => this.parts.get(other)).find(Boolean);
      this.container.insertBefore(node, next ?? null);
    }
    this.parts.set(name, node);
    return node;
  }

  part(name, make) {
    return this.parts.get(name) ?? this.put(name, make());
  }

  verdict(kind, text, time = "") {
    const line = this.part("verdict", () => element("h3.verdict", {}, element("span"), element("span.time")));
    line.className = `verdict ${kind}`;
    setText(line.firstChild, text);
    setText(line.lastChild, time);
  }

  note(text) {
    if (text) setText(this.part("note", () => element("p.note")), text);
    else this.put("note", null);
  }

  /* ---- output as it comes ---- */

  box(stream) {
    const name = stream === "stderr" ? "errors" : "output";
    const label = stream === "stderr" ? "Standard error" : "Output";
    return this.part(name, () => element(`pre.${name}`, { "aria-label": label, role: "group" }, ""));
  }

  write(stream, text) {
    this.waiting[stream] += text;
    this.frame ??= requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    for (const stream of ["stdout", "stderr"]) {
      const text = this.waiting[stream];
      if (!text) continue;
      this.waiting[stream] = "";
      const box = this.box(stream);
      const room = mostText - box.textContent.length;
      box.append(shift(text.slice(0, Math.max(room, 0)), this.shiftBy));
      if (text.length > room) this.note(`Only the first ${mostText.toLocaleString("en")} characters are shown.`);
      box.scrollTop = box.scrollHeight;
      reachByKeyboard(box);
    }
  }

  /* The learner's own input, where it was typed. */
  echo(text) {
    this.flush();
    this.box("stdout").append(element("span.typed", {}, text));
  }

  /* ---- whole answers ---- */

  /* `before` is the number of lines that stand before the learner's own in the file that ran. */
  set linesBefore(lines) {
    this.shiftBy = lines;
  }

  output(stream, text) {
    const name = stream === "stderr" ? "errors" : "output";
    if (!text) return this.put(name, null);
    const box = this.box(stream);
    setText(box, shift(text.slice(0, mostText), this.shiftBy));
    reachByKeyboard(box);
    return box;
  }

  value(value) {
    if (value === null || value === undefined) return this.put("value", null);
    const box = this.part("value", () => element("pre.value", { "aria-label": "Value", role: "group" }));
    setText(box, value);
    reachByKeyboard(box);
    return box;
  }

  diagnostics(list) {
    if (list.length === 0) return this.put("diagnostics", null);
    return this.put("diagnostics", element("ul.diagnostics", {}, ...list.map((one) => this.#diagnostic(one))));
  }

  #diagnostic({ severity, message, line, column }) {
    const kind = severity === "error" ? "error" : "warning";
    const place = line > 0 && element("button.place", { type: "button", onclick: () => this.onLine(line, column) }, `line ${line}`);
    return element(
      `li.${kind}`,
      {},
      element("p", {}, element("strong", {}, kind === "error" ? "Error" : "Warning"), place ? " in " : "", place || ""),
      element("pre", {}, message),
    );
  }

  /* The end of a run whose output was streamed. */
  finish(answer, diagnostics) {
    this.flush();
    this.verdict(answer.status === "ok" ? "good" : "bad", sentenceOf(answer), milliseconds(answer.usage.wall_ms));
    this.diagnostics(diagnostics);
    if (!answer.stdout && !answer.stderr && answer.status === "ok" && answer.value === null) this.note("It printed nothing.");
    this.hideRepeated(diagnostics);
    this.value(answer.status === "ok" ? answer.value : null);
    const heard = (answer.stdout || answer.stderr || answer.value || "").slice(0, 300);
    this.say(`${sentenceOf(answer)} ${diagnostics.map((one) => one.message).join(" ").slice(0, 300)} ${heard}`);
  }

  /* Compilers print what they report as well: once is enough. */
  hideRepeated(diagnostics) {
    const box = this.parts.get("errors");
    if (!box || diagnostics.length === 0) return;
    const squeeze = (text) => text.replace(/[\s│└─~^]+/g, "");
    const printed = squeeze(box.textContent);
    if (!diagnostics.every((one) => printed.includes(squeeze(one.message)))) return;
    const folded = element("details.errors-folded", {}, element("summary", {}, "What the compiler printed"));
    this.put("errors", folded);
    folded.append(box);
  }

  problem(problem) {
    this.flush();
    this.verdict("bad", problem.title ?? "Something went wrong");
    this.note(problem.detail ?? "");
    this.say(`${problem.title}. ${problem.detail ?? ""}`);
  }
}

/* "main.exs:7" in a message counts the lines that ran before the learner's own too. */
function shift(text, lines) {
  if (!lines) return text;
  return text.replace(/\b(main\.\w+:)(\d+)/g, (all, file, line) => (line > lines ? file + (line - lines) : all));
}
