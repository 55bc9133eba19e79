/* The playground: another language is another page's worth of code, and a program can be shared by a link. */
import { element } from "./dom.js";
import { choice, keepChoice } from "./keep.js";
import { postJson } from "./server.js";

const examples = {
  elixir: `squares = for n <- 1..10, rem(n, 3) != 0, do: n * n
total = Enum.sum(squares)

IO.puts("The sum of \#{length(squares)} squares is \#{total}.")
`,
  erlang: `-module(main).
-export([main/1]).

main(_) ->
    Squares = [N * N || N <- lists:seq(1, 10), N rem 3 =/= 0],
    io:format("The sum of ~p squares is ~p.~n", [length(Squares), lists:sum(Squares)]).
`,
  python: `squares = [n * n for n in range(1, 11) if n % 3 != 0]
total = sum(squares)

print(f"The sum of {len(squares)} squares is {total}.")
`,
  javascript: `const squares = [1, 2, 4, 5, 7, 8, 10].map((n) => n * n);
const total = squares.reduce((sum, n) => sum + n, 0);

console.log(\`The sum of \${squares.length} squares is \${total}.\`);
`,
  c: `#include <stdio.h>

int main(void)
{
    int total = 0;
    for (int n = 1; n <= 10; n++)
        total += n * n;
    printf("The sum of 10 squares is %d.\\n", total);
}
`,
  bash: `total=0
for n in {1..10}; do
    total=$((total + n * n))
done
echo "The sum of 10 squares is $total."
`,
};

export function upgradePlay(snippet) {
  const { section, source } = snippet;
  const select = section.querySelector("select[name=language]");
  const written = new Map();
  const isShared = /^\/play\/./.test(location.pathname);
  const begin = (language, otherwise) => {
    source.original = (examples[language] ?? "").trimEnd();
    source.text = written.get(language) ?? choice(`play-${language}`, otherwise);
  };

  select.addEventListener("change", () => {
    written.set(source.language, source.text);
    const language = select.value;
    section.dataset.language = language;
    section.dataset.file = select.selectedOptions[0].dataset.file;
    source.setLanguage(language);
    begin(language, examples[language] ?? "");
    snippet.view.clear();
    source.mark({ diagnostics: [], values: [] });
  });
  source.onChange((byUser) => byUser && !isShared && keepChoice(`play-${source.language}`, source.text));
  if (!isShared) begin(source.language, source.text.trim() ? source.text : (examples[source.language] ?? ""));

  const link = element("input", { readonly: true, "aria-label": "The link", onfocus: () => link.select() });
  const line = element("p.share", { hidden: true }, link);
  const share = section.querySelector("button.share");
  share.type = "button";
  share.addEventListener("click", async () => {
    try {
      const { url } = await postJson("/site/share", { language: source.language, code: source.code });
      link.value = new URL(url, location.href).href;
      line.hidden = false;
      history.replaceState(null, "", url);
      const copied = await navigator.clipboard?.writeText(link.value).then(() => true, () => false);
      snippet.view.say(copied ? "The link is copied." : "The link is in the box.");
      share.textContent = copied ? "Copied" : "Share";
      setTimeout(() => (share.textContent = "Share"), 2000);
    } catch (problem) {
      snippet.view.problem(problem);
    }
  });
  section.querySelector(".bar").after(line);
}
