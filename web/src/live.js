/* Live: the code runs by itself shortly after the last key, and the answer is shown where it belongs: values at the
 * ends of lines, errors under the code. Only the newest question's answer counts; what is in flight is cancelled. */
import { element, milliseconds } from "./dom.js";
import { choice, keepChoice } from "./keep.js";
import { ownLines, valuesToShow } from "./lines.js";
import { postJson } from "./server.js";
import { sentenceOf } from "./result.js";

const pause = 250;
const longest = 1000;

export class Live {
  /* `on`: what it works on. source, view; request() gives the body to send; linesBefore; readsInput(), hasInput(),
   * busy() tell when it must keep still. */
  constructor(on) {
    Object.assign(this, on);
    this.enabled = false;
    this.tooSlow = false;
    this.source.onChange((byUser) => {
      if (!byUser) return this.cancel();
      this.view.container.classList.toggle("stale", this.view.parts.size > 0);
      if (this.enabled) this.schedule();
    });
    const focused = this.source.onFocus;
    this.source.onFocus = () => {
      focused.call(this.source);
      if (this.enabled && !this.shown) this.schedule(0);
    };
  }

  set(enabled) {
    this.enabled = enabled;
    this.tooSlow = false;
    this.cancel();
    if (enabled && this.source.editor) this.schedule(0);
    if (!enabled) this.source.mark({ diagnostics: this.source.marks?.diagnostics ?? [], values: [] });
  }

  cancel() {
    clearTimeout(this.timer);
    this.controller?.abort();
    this.controller = null;
  }

  /* A run by the button was quick enough: live goes on. */
  revive() {
    this.tooSlow = false;
    this.shown = true;
  }

  schedule(wait = pause) {
    this.cancel();
    this.timer = setTimeout(() => this.#ask(), wait);
  }

  async #ask() {
    if (this.busy()) return;
    if (this.readsInput() || this.hasInput()) return this.#keepStill("This program reads input: press Run.");
    if (this.tooSlow) return this.#keepStill("It runs longer than a second: press Run. Live goes on once it is quicker.");
    const controller = (this.controller = new AbortController());
    try {
      const answer = await postJson("/site/live", this.request(), { signal: controller.signal });
      if (this.controller === controller) this.#show(answer);
    } catch (problem) {
      if (problem.name === "AbortError" || this.controller !== controller) return;
      if (problem.status === 429 || problem.status === 503) this.schedule(Math.max(problem.retryAfter * 1000, longest));
      else this.#keepStill(problem.message);
    }
  }

  #keepStill(why) {
    this.view.clear();
    this.view.note(why);
    this.source.mark({ diagnostics: [], values: [] });
  }

  #show(answer) {
    this.controller = null;
    this.shown = true;
    if (answer.status === "timeout") {
      this.tooSlow = true;
      return this.#ask();
    }
    const diagnostics = ownLines(answer.diagnostics ?? [], this.linesBefore);
    /* Half a word does not compile; what was worked out before is still worth seeing. */
    const values = answer.status === "compile_error" ? null : this.#values(answer);
    this.source.mark({ diagnostics, values });
    this.#showResult(answer, diagnostics);
  }

  #values(answer) {
    return valuesToShow(this.source.language, this.source.text, ownLines(answer.values ?? [], this.linesBefore));
  }

  #showResult(answer, diagnostics) {
    const { view } = this;
    const good = answer.status === "ok";
    view.container.classList.remove("stale");
    view.verdict(good ? "live good" : "live bad", good ? "Live" : sentenceOf(answer), milliseconds(answer.usage.wall_ms));
    view.note("");
    for (const part of ["input", "tests", "after", "say"]) view.put(part, null);
    view.output("stdout", answer.stdout);
    view.put("errors", null);
    view.output("stderr", answer.stderr);
    view.diagnostics(diagnostics);
    view.hideRepeated(diagnostics);
    view.value(null);
    /* Said once, not at every key. */
    view.say(good ? "" : `${sentenceOf(answer)} ${diagnostics[0]?.message.split("\n")[0] ?? ""}`);
  }
}

/* The switch that turns it on and off; what was chosen holds for all of its kind. */
export function liveSwitch(live, kind, byDefault) {
  const kept = byDefault || kind === "exercises" ? choice(`live-${kind}`, byDefault ? "on" : "off") : "off";
  const box = element("input", { type: "checkbox", role: "switch" });
  box.checked = kept === "on";
  live.enabled = box.checked;
  box.addEventListener("change", () => {
    if (byDefault || kind === "exercises") keepChoice(`live-${kind}`, box.checked ? "on" : "off");
    live.set(box.checked);
  });
  return element("label.switch", { title: "Run by itself while you type" }, box, element("span", {}, "Live"));
}
