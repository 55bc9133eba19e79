/* The editor, loaded when a piece of code comes near: CodeMirror with what a learner needs and no more. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, highlightActiveLine, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { classHighlighter, highlightTree } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import { StyleModule } from "style-mod";
import { element } from "./dom.js";
import { support } from "./languages.js";

/* style-mod writes a <style> element into a document, which a policy without 'unsafe-inline' refuses, but adopts a
 * style sheet where there is no head, as in a shadow root. So it is shown the document without its head. */
const mount = StyleModule.mount;
const headless = {
  ownerDocument: document,
  get adoptedStyleSheets() {
    return document.adoptedStyleSheets;
  },
  set adoptedStyleSheets(sheets) {
    document.adoptedStyleSheets = sheets;
  },
};
StyleModule.mount = (root, modules, options) => mount(root === document ? headless : root, modules, options);

/* Colours are the page's own variables, so light and dark need no second theme. */
const theme = EditorView.theme({
  "&": { color: "var(--code-ink)", backgroundColor: "transparent", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflowX: "auto" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none", paddingLeft: "0.4rem" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "1.6rem", padding: "0 0.4rem 0 0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-match)", outline: "none" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--bad)" },
  /* The lint package draws these as pictures from data: addresses, which img-src 'self' refuses. */
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--bad) 1.5px", textUnderlineOffset: "0.25em" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--warn) 1.5px", textUnderlineOffset: "0.25em" },
  ".cm-lintRange-active": { backgroundColor: "var(--code-match)" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px",
    boxShadow: "var(--shadow)", fontFamily: "var(--mono)", fontSize: "0.85rem", maxWidth: "min(42rem, 90vw)",
  },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", padding: "0.4rem 0.7rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--code-selection)", color: "var(--ink)" },
});

/* ---- values at the ends of lines ---- */

class ValueWidget extends WidgetType {
  constructor(value) {
    super();
    this.value = value;
  }

  eq(other) {
    return other.value === this.value;
  }

  toDOM() {
    return element("span.live-value", { title: this.value }, this.value);
  }
}

const setValues = StateEffect.define();

function decorate(state, values) {
  const lines = new Map();
  for (const { line, value } of values) {
    if (line < 1 || line > state.doc.lines) continue;
    lines.set(line, lines.has(line) ? `${lines.get(line)}   ${value}` : value);
  }
  const sorted = [...lines].sort(([a], [b]) => a - b);
  return Decoration.set(
    sorted.map(([line, value]) => Decoration.widget({ widget: new ValueWidget(value), side: 1 }).range(state.doc.line(line).to)),
  );
}

/* While one types the old values move along with their lines, until the new ones are there. */
const valueField = StateField.define({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let now = decorations.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setValues)) now = decorate(transaction.state, effect.value);
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/* ---- diagnostics ---- */

/* From a line and a column, which may be missing or past the end, to a stretch of the text. */
function stretch(doc, { line, column, message, severity }) {
  if (!(line >= 1)) return null;
  const at = doc.line(Math.min(line, doc.lines));
  const indent = at.text.length - at.text.trimStart().length;
  const from = at.from + Math.min(column >= 1 ? column - 1 : indent, at.length);
  const word = /^(?:[\w@]+[?!]?|\S)/.exec(at.text.slice(from - at.from));
  let to = column >= 1 && word ? from + word[0].length : at.from + at.text.trimEnd().length;
  if (to <= from) to = Math.min(from + 1, at.to);
  return { from: Math.min(from, to), to, severity: severity === "error" ? "error" : "warning", message };
}

/* ---- typing over a selection ---- */

/* Left to the browser, it keeps the look of what is replaced by an inline style, which the page's policy refuses and
 * reports. So the text is put in as CodeMirror itself would, with its input handlers asked first. */
function typeOver(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || !event.data || empty || event.isComposing || view.composing) return false;
  const text = event.data;
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
}

/* ---- the editor ---- */

const tabSize = { python: 4, c: 4, bash: 4, erlang: 4 };

function languageExtensions(language, parser) {
  const spaces = " ".repeat(tabSize[language] ?? 2);
  return [parser ?? [], indentUnit.of(spaces), EditorState.tabSize.of(spaces.length)];
}

/* Opens an editor in the place of a source's textarea. */
export async function openEditor(source) {
  const { textarea } = source;
  const language = new Compartment();
  const hadFocus = textarea.getRootNode().activeElement === textarea;
  const run = () => {
    source.onRun();
    return true;
  };
  const parser = await support(source.language);
  const view = new EditorView({
    root: textarea.getRootNode(),
    state: EditorState.create({
      doc: textarea.value,
      selection: hadFocus ? { anchor: textarea.selectionStart, head: textarea.selectionEnd } : undefined,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run, preventDefault: true }]),
        minimalSetup,
        lineNumbers(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: false }),
        indentOnInput(),
        /* Esc, then Tab leaves: CodeMirror's own "tab focus mode". */
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        syntaxHighlighting(classHighlighter),
        language.of(languageExtensions(source.language, parser)),
        valueField,
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": textarea.getAttribute("aria-label") ?? textarea.labels?.[0]?.textContent ?? "Code",
          "aria-describedby": textarea.getAttribute("aria-describedby") ?? "",
          spellcheck: "false",
          autocapitalize: "off",
        }),
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("phial")))
            source.typed(update.state.doc.toString());
          if (update.focusChanged && update.view.hasFocus) source.onFocus();
        }),
      ],
    }),
  });
  const box = element("div.editor", {}, view.dom);
  textarea.before(box);
  textarea.hidden = true;
  document.documentElement.dataset.editor = "";
  if (hadFocus) view.focus();

  return {
    view,
    focus: () => view.focus(),
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "phial.set" });
    },
    /* Without values the old ones stay, and look like it. */
    mark({ diagnostics, values }) {
      const doc = view.state.doc;
      const ranges = diagnostics.map((one) => stretch(doc, one)).filter(Boolean);
      box.classList.toggle("stale", !values);
      view.dispatch(setDiagnostics(view.state, ranges), values ? { effects: setValues.of(values) } : {});
    },
    goTo(line, column) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    async setLanguage(name) {
      view.dispatch({ effects: language.reconfigure(languageExtensions(name, await support(name))) });
    },
  };
}

/* Colours a block of code that is not edited. */
export async function colour(code, language) {
  const parser = (await support(language))?.language.parser;
  if (!parser) return;
  const text = code.textContent;
  const pieces = [];
  let at = 0;
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    if (from > at) pieces.push(text.slice(at, from));
    pieces.push(element(["span", ...classes.split(" ")].join("."), {}, text.slice(from, to)));
    at = to;
  });
  pieces.push(text.slice(at));
  code.replaceChildren(...pieces);
}
