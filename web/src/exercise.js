/* An exercise: checks the code by its tests, gives hints one by one, opens the solution, keeps what was tried. */
import { element, milliseconds, setText } from "./dom.js";
import { draft } from "./keep.js";
import { readsInput } from "./lines.js";
import { Live, liveSwitch } from "./live.js";
import { ResultView } from "./result.js";
import { getJson, postJson } from "./server.js";
import { describeKeys } from "./snippet.js";
import { Source } from "./source.js";
import { sayings, testList, verdictOf } from "./tests_view.js";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/* The list of lessons tells how many of this one's are solved. */
function countSolved() {
  const here = document.querySelector("nav.lessons li:has([aria-current=page])");
  const number = here?.querySelector(".progress")?.lastChild;
  const counted = /^(\d+) of (\d+)$/.exec(number?.textContent.trim() ?? "");
  if (!counted) return;
  const solved = Math.min(Number(counted[1]) + 1, Number(counted[2]));
  number.textContent = `${solved} of ${counted[2]}`;
  here.classList.toggle("done", solved === Number(counted[2]));
}

export class Exercise {
  constructor(section) {
    this.section = section;
    this.id = section.dataset.exercise;
    this.form = section.querySelector("form");
    this.checkButton = section.querySelector("button.check");
    this.hintButton = section.querySelector("button.hint");
    this.resetButton = section.querySelector("button.reset");
    this.hints = section.querySelector("ol.hints") ?? section.appendChild(element("ol.hints"));
    const textarea = section.querySelector("textarea.code");
    describeKeys(this.form, textarea, "checks");
    this.source = new Source(textarea, { language: section.dataset.language, name: this.id });
    this.view = new ResultView(section.querySelector(".result"), (line, column) => this.source.goTo(line, column));
    this.source.onRun = () => this.check();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter === this.hintButton) this.hint();
      else if (event.submitter === this.resetButton) this.reset();
      else this.check();
    });
    const kept = draft(this.id, this.source.original);
    if (kept) this.source.text = kept;
    this.#addLive();
  }

  #addLive() {
    const live = new Live({
      source: this.source,
      view: this.view,
      request: () => ({ language: this.source.language, code: this.source.code, before: "" }),
      linesBefore: 0,
      readsInput: () => readsInput(this.source.language, this.source.text),
      hasInput: () => false,
      busy: () => this.checking,
    });
    this.live = live;
    this.section.querySelector(".bar").append(liveSwitch(live, "exercises", false));
  }

  /* The reader comes near: now it is worth asking what he did here before. */
  async near() {
    this.source.load();
    try {
      this.#show(await getJson(`/site/exercise?id=${encodeURIComponent(this.id)}`));
    } catch (problem) {
      this.view.note(`Earlier tries could not be fetched: ${problem.message}`);
    }
  }

  #show(state) {
    this.stub = state.stub;
    this.total = state.hints_total;
    this.hints.replaceChildren();
    for (const html of state.hints) this.#addHint(html);
    this.#tellHints();
    this.#showTries(state.tries);
    if (state.passed) this.#solved();
    if (state.solution !== null && state.solution !== undefined) this.#offerSolution(state.solution);
  }

  /* ---- check ---- */

  async check() {
    if (this.checking) return;
    this.checking = true;
    this.live.cancel();
    this.view.clear();
    this.view.verdict("busy", "Checking…");
    this.checkButton.setAttribute("aria-busy", "true");
    const code = this.source.code;
    const start = performance.now();
    try {
      const answer = await postJson("/site/check", { exercise: this.id, code });
      this.#judge(answer, performance.now() - start);
      this.#addTry({ at: new Date().toISOString(), verdict: answer.verdict, code });
      this.source.settle();
    } catch (problem) {
      this.view.problem(problem);
    } finally {
      this.checking = false;
      this.checkButton.removeAttribute("aria-busy");
    }
  }

  #judge(answer, ms) {
    const { kind, text } = verdictOf(answer);
    const goTo = (line) => this.source.goTo(line);
    const diagnostics = (answer.run?.diagnostics ?? []).filter((one) => !one.file || one.file === this.section.dataset.file);
    this.view.clear();
    this.view.verdict(kind, text, milliseconds(ms));
    this.view.put("say", sayings(answer, goTo));
    this.view.diagnostics(diagnostics);
    if (answer.verdict === "error" && diagnostics.length === 0) this.view.output("stderr", answer.run?.stderr ?? "");
    this.view.put("tests", answer.tests.length > 0 ? testList(answer.tests) : null);
    this.source.mark({ diagnostics, values: [] });
    const failing = answer.tests.find((test) => test.status === "fail" || test.status === "error");
    this.view.say(`${text} ${failing ? `The first that does not: ${failing.name}.` : ""}`);
    if (answer.verdict === "pass") this.#solved();
    if (answer.verdict === "pass" && !answer.passed_before) countSolved();
    if (answer.solution_open) this.#offerSolution(null);
  }

  #solved() {
    this.section.classList.add("solved");
    const badge = this.section.querySelector(".badge");
    if (badge) badge.hidden = false;
  }

  /* ---- hints ---- */

  async hint() {
    if (this.hints.children.length >= this.total) return;
    try {
      const { html, number, total } = await postJson("/site/hint", { exercise: this.id });
      this.total = total;
      if (number > this.hints.children.length) this.#addHint(html);
      this.#tellHints();
      this.view.say(this.hints.lastElementChild.textContent);
    } catch (problem) {
      this.view.problem(problem);
    }
  }

  #addHint(html) {
    const item = element("li");
    item.innerHTML = html;
    this.hints.append(item);
  }

  #tellHints() {
    if (!this.hintButton) return;
    const taken = this.hints.children.length;
    setText(this.hintButton, taken === 0 ? "Hint" : `Hint ${taken + 1} of ${this.total}`);
    const all = taken >= this.total;
    if (all && document.activeElement === this.hintButton) this.checkButton.focus();
    this.hintButton.hidden = all;
  }

  /* ---- reset ---- */

  reset() {
    const own = this.source.text;
    const stub = this.stub ?? this.source.textarea.defaultValue;
    if (own === stub.replace(/\n$/, "")) return;
    this.source.text = stub;
    this.source.mark({ diagnostics: [], values: [] });
    this.view.clear();
    const undo = element("button.quiet", { type: "button", onclick: () => {
      this.source.text = own;
      this.view.clear();
      this.checkButton.focus();
    } }, "Undo");
    this.view.put("note", element("p.note", {}, "Back at the beginning. ", undo));
    this.view.say("Back at the beginning. The button Undo brings your code back.");
  }

  /* ---- the solution, beside one's own ---- */

  #offerSolution(text) {
    if (this.section.querySelector("details.solution")) return;
    const body = element("div.beside");
    const details = element("details.solution", {}, element("summary", {}, "A solution, beside yours"), body);
    details.addEventListener("toggle", () => details.open && this.#compare(body, text));
    this.hints.after(details);
  }

  async #compare(body, known) {
    try {
      const solution = known ?? (await getJson(`/site/solution?id=${encodeURIComponent(this.id)}`)).solution;
      const column = (title, text) => {
        const code = element("code", {}, text);
        const box = element("figure", {}, element("figcaption", {}, title), element("pre", { tabindex: 0 }, code));
        import("./editor.js").then(({ colour }) => colour(code, this.source.language));
        return box;
      };
      body.replaceChildren(column("Yours", this.source.text), column("One way to do it", solution));
    } catch (problem) {
      body.replaceChildren(element("p.problem", {}, problem.message));
    }
  }

  /* ---- earlier tries ---- */

  #showTries(tries) {
    this.section.querySelector("details.tries")?.remove();
    this.tries = null;
    for (const one of [...tries].sort((a, b) => a.at.localeCompare(b.at))) this.#addTry(one);
  }

  #addTry({ at, verdict, code }) {
    if (!this.tries) {
      this.tries = element("ol", { reversed: true });
      this.triesSummary = element("summary");
      this.section.append(element("details.tries", {}, this.triesSummary, this.tries));
    }
    const said = { pass: "passed", fail: "not yet", error: "did not run" }[verdict] ?? verdict;
    this.tries.prepend(element(`li.${verdict}`, {},
      element("time", { datetime: at }, when.format(new Date(at))), ` ${said} `,
      element("button.quiet", { type: "button", onclick: () => this.#takeUp(code) }, "Take it up again")));
    setText(this.triesSummary, `Your tries (${this.tries.children.length})`);
  }

  #takeUp(code) {
    this.source.text = code;
    this.source.editor?.focus();
    this.view.clear();
    this.view.note("This is what you had then.");
  }
}
