/* The code of one form. It is the form's own textarea until the editor has taken its place; the textarea keeps the
 * same text then, so that the form can still be sent as it is. */
import { forgetDraft, keepDraft } from "./keep.js";

export class Source {
  constructor(textarea, { language, name }) {
    /* Files end with a line feed; an empty last line in the editor would only puzzle. */
    textarea.value = textarea.value.replace(/\n$/, "");
    this.textarea = textarea;
    this.language = language;
    this.name = name; /* under which a draft is kept; null for none */
    this.original = textarea.value;
    this.listeners = [];
    this.editor = null;
    textarea.addEventListener("input", () => this.#changed(true));
    textarea.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.onRun();
      }
    });
  }

  onRun() {}
  onFocus() {}
  onChange(listener) {
    this.listeners.push(listener);
  }

  #changed(byUser) {
    if (this.name) keepDraft(this.name, this.original, this.text);
    for (const listener of this.listeners) listener(byUser);
  }

  get text() {
    return this.textarea.value;
  }

  /* As a file. */
  get code() {
    return this.text.replace(/\n*$/, "\n");
  }

  set text(given) {
    const text = given.replace(/\n$/, "");
    if (text === this.text) return;
    this.textarea.value = text;
    this.editor?.setText(text);
    this.#changed(false);
  }

  /* What is kept elsewhere now needs no draft. */
  settle() {
    this.original = this.text;
    if (this.name) forgetDraft(this.name);
  }

  /* Puts the editor in the textarea's place. When it cannot be had the textarea stays, which is enough. */
  load() {
    this.loading ??= import("./editor.js")
      .then(({ openEditor }) => openEditor(this))
      .then((editor) => {
        this.editor = editor;
        if (this.marks) this.mark(this.marks);
      })
      .catch((error) => console.warn("the editor could not be loaded:", error));
    return this.loading;
  }

  /* From the editor: the learner has typed. */
  typed(text) {
    this.textarea.value = text;
    this.#changed(true);
  }

  /* {diagnostics: [...], values: [...] or null for those that are shown already}: what to show at lines of the code. */
  mark(marks) {
    this.marks = marks;
    this.editor?.mark(marks);
  }

  goTo(line, column) {
    if (this.editor) return this.editor.goTo(line, column);
    const start = this.text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.textarea.focus();
    this.textarea.setSelectionRange(start, start);
  }

  setLanguage(language) {
    this.language = language;
    this.editor?.setLanguage(language);
  }
}
