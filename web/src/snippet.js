/* A piece of code with a Run button: runs it, stops it, gives it input, shows what came of it. */
import { element, plural, setText } from "./dom.js";
import { draft } from "./keep.js";
import { countLines, ownLines, readsInput, valuesToShow, worthShowing } from "./lines.js";
import { Live, liveSwitch } from "./live.js";
import { ResultView } from "./result.js";
import { Run } from "./run.js";
import { Source } from "./source.js";

/* A program that asks for input gets time to be answered, and its input line at once. */
const interactiveWall = 120000;
const inputAfter = 600;

function keysNote(what) {
  return element("p.keys", {}, element("kbd", {}, "Ctrl"), "+", element("kbd", {}, "Enter"), ` ${what}. `,
    element("kbd", {}, "Esc"), ", then ", element("kbd", {}, "Tab"), " leaves the editor.");
}

let count = 0;

/* Ties the note about keys to the code, so that screen readers say it too. */
export function describeKeys(form, textarea, what) {
  const note = keysNote(what);
  note.id = `keys-${++count}`;
  textarea.setAttribute("aria-describedby", note.id);
  form.querySelector(".bar").append(note);
}

export class Snippet {
  /* `origin`: of the server, "" for this page's own. */
  constructor(section, { origin = "", draftName = null, canLive = true } = {}) {
    this.section = section;
    this.origin = origin;
    this.form = section.querySelector("form");
    this.button = section.querySelector("button.run");
    this.stdin = section.querySelector("textarea.stdin");
    this.before = section.querySelector("textarea.before")?.value ?? "";
    this.linesBefore = countLines(this.before);
    const textarea = section.querySelector("textarea.code");
    describeKeys(this.form, textarea, "runs");
    this.source = new Source(textarea, { language: section.dataset.language, name: draftName });
    this.view = new ResultView(section.querySelector(".result"), (line, column) => this.source.goTo(line, column));
    this.view.linesBefore = this.linesBefore;
    this.source.onRun = () => this.start();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.run) this.run.stop();
      else this.start();
    });
    this.#undoButton();
    this.#restoreDraft(draftName);
    if (canLive) this.#addLive();
  }

  get language() {
    return this.source.language;
  }

  #undoButton() {
    const undo = element("button.quiet", { type: "button", hidden: true, onclick: () => {
      this.source.text = this.source.original;
      this.source.editor?.focus();
    } }, "Reset");
    this.button.after(undo);
    this.source.onChange(() => (undo.hidden = this.source.text === this.source.original));
  }

  #restoreDraft(name) {
    const kept = name && draft(name, this.source.original);
    if (kept) this.source.text = kept;
  }

  #addLive() {
    this.live = new Live({
      source: this.source,
      view: this.view,
      request: () => ({ language: this.language, code: this.source.code, before: this.before }),
      linesBefore: this.linesBefore,
      readsInput: () => readsInput(this.language, this.source.text),
      hasInput: () => Boolean(this.stdin?.value),
      busy: () => Boolean(this.run),
    });
    this.section.querySelector(".bar").append(liveSwitch(this.live, "snippets", this.section.dataset.live === "on"));
  }

  #request() {
    const code = this.source.code;
    const joined = this.before && !this.before.endsWith("\n") ? this.before + "\n" : this.before;
    const given = this.stdin?.value ?? "";
    const request = { language: this.language, trace: true, files: [{ name: this.section.dataset.file, content: joined + code }] };
    if (given) request.stdin = given;
    else request.interactive = true;
    if (!given && readsInput(this.language, code)) request.limits = { wall_ms: interactiveWall };
    return request;
  }

  start() {
    if (this.run) return;
    this.live?.cancel();
    const view = this.view;
    view.clear();
    view.verdict("busy", "Running…");
    this.source.mark({ diagnostics: [], values: [] });
    setText(this.button, "Stop");
    this.button.classList.add("stop");
    const request = this.#request();
    if (request.interactive)
      this.inputTimer = setTimeout(() => this.#showInput(), readsInput(this.language, this.source.text) ? 0 : inputAfter);
    this.run = new Run(request, {
      status: (name, place) => {
        if (name === "queued" && place > 0) view.verdict("busy", `Waiting: ${plural(place, "run")} before this one`);
        else view.verdict("busy", "Running…");
      },
      output: (stream, text) => view.write(stream, text),
      result: (answer) => this.#finish(answer),
      problem: (problem) => this.#over(() => view.problem(problem)),
    }, this.origin);
  }

  #finish(answer) {
    const diagnostics = ownLines(answer.diagnostics ?? [], this.linesBefore);
    if (!worthShowing(this.language, answer.value)) answer.value = null;
    this.#over(() => this.view.finish(answer, diagnostics));
    const values = ownLines(answer.values ?? [], this.linesBefore);
    this.source.mark({ diagnostics, values: valuesToShow(this.language, this.source.text, values) });
    if (answer.usage.wall_ms < 1000) this.live?.revive();
  }

  #over(show) {
    clearTimeout(this.inputTimer);
    this.run = null;
    const hadFocus = this.section.getRootNode().activeElement === this.inputField;
    this.view.put("input", null);
    if (hadFocus) this.button.focus();
    setText(this.button, "Run");
    this.button.classList.remove("stop");
    show();
  }

  #showInput() {
    if (!this.run) return;
    const run = this.run;
    this.inputField = element("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    const send = (event) => {
      event.preventDefault();
      this.view.echo(this.inputField.value + "\n");
      run.send(this.inputField.value + "\n");
      this.inputField.value = "";
    };
    const end = () => {
      run.send("", true);
      this.view.put("input", null);
      this.button.focus();
    };
    this.view.put("input", element("form.input-line", { onsubmit: send },
      element("label", {}, "Input ", this.inputField),
      element("button", {}, "Send"),
      element("button.quiet", { type: "button", onclick: end }, "End of input")));
    if (readsInput(this.language, this.source.text)) this.inputField.focus();
    this.view.say("The program is running; it can be given input.");
  }
}
