/* The editor's knowledge of each language, loaded when it is first asked for. A name that is not here is plain text. */
import { LanguageSupport, StreamLanguage } from "@codemirror/language";

const legacy = (mode) => new LanguageSupport(StreamLanguage.define(mode));

const loaders = {
  elixir: async () => (await import("codemirror-lang-elixir")).elixir(),
  python: async () => (await import("@codemirror/lang-python")).python(),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  erlang: async () => legacy((await import("@codemirror/legacy-modes/mode/erlang")).erlang),
  bash: async () => legacy((await import("@codemirror/legacy-modes/mode/shell")).shell),
};
loaders.iex = loaders.elixir;
loaders.sh = loaders.bash;
loaders.js = loaders.javascript;

export async function support(name) {
  return Object.hasOwn(loaders, name) ? loaders[name]() : null;
}
