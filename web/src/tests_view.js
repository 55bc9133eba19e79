/* The verdict of a check: the tests as a list, and what the course has to say about the code. */
import { diff } from "./diff.js";
import { element, plural } from "./dom.js";

const marks = { pass: "✓", fail: "✗", error: "!", skip: "–" };
const words = { pass: "passed", fail: "failed", error: "broke", skip: "was left out" };

export function verdictOf(answer) {
  const counted = answer.tests.filter((test) => test.status !== "skip");
  const passed = counted.filter((test) => test.status === "pass").length;
  if (answer.verdict === "pass")
    return { kind: "good", text: counted.length === 1 ? "Solved: the test passes." : `Solved: all ${counted.length} tests pass.` };
  if (answer.verdict === "fail") {
    if (passed === counted.length) return { kind: "bad", text: "Not yet." };
    if (counted.length === 1) return { kind: "bad", text: "Not yet: the test does not pass." };
    return { kind: "bad", text: `Not yet: ${passed} of ${plural(counted.length, "test")} ${passed === 1 ? "passes" : "pass"}.` };
  }
  if (answer.run?.status === "compile_error") return { kind: "bad", text: "It could not be compiled." };
  if (answer.run?.status === "timeout") return { kind: "bad", text: "The tests ran out of time." };
  return { kind: "bad", text: "The tests could not run to their end." };
}

function compare(test) {
  if (typeof test.expected !== "string" || typeof test.actual !== "string") return null;
  const [expected, actual] = diff(test.expected, test.actual);
  return element("dl.diff", {},
    element("dt", {}, "Expected"), element("dd.expected", {}, element("pre", {}, ...expected)),
    element("dt", {}, "Got"), element("dd.actual", {}, element("pre", {}, ...actual)));
}

/* When the difference is shown, the runner's own message is only one more click away. */
function said(test, folded) {
  if (!test.message || test.status === "pass") return null;
  const text = element("pre.message", {}, test.message);
  return folded ? element("details", {}, element("summary", {}, "What the test said"), text) : text;
}

function testItem(test, open) {
  const name = element("span.name", {}, element("span.mark", { "aria-hidden": "true" }, marks[test.status] ?? "?"),
    element("span.visually-hidden", {}, `${words[test.status] ?? test.status}: `), test.name.replace(/^test /, ""));
  const comparison = test.status === "pass" ? null : compare(test);
  const shown = test.status !== "pass" && (comparison || test.message) || test.output;
  if (!shown) return element(`li.${test.status}`, {}, name);
  return element(`li.${test.status}`, {}, element("details", { open }, element("summary", {}, name),
    comparison,
    said(test, comparison !== null),
    test.output ? element("p.label", {}, "It printed") : null,
    test.output ? element("pre.output", {}, test.output) : null));
}

/* The first test that fails is open: one thing at a time. */
export function testList(tests) {
  const first = tests.findIndex((test) => test.status === "fail" || test.status === "error");
  return element("ol.tests", { "aria-label": "Tests" }, ...tests.map((test, i) => testItem(test, i === first)));
}

/* Rules of the exercise that the code breaks, and misconceptions it shows. The latter are HTML that the server has
 * made from the course's Markdown. */
export function sayings(answer, onLine) {
  const items = (answer.rules ?? []).map(({ line, message }) =>
    element("li.rule", {}, message, line > 0 ? " " : "",
      line > 0 ? element("button.place", { type: "button", onclick: () => onLine(line) }, `line ${line}`) : ""));
  for (const html of answer.misconceptions ?? []) {
    const item = element("li.misconception");
    item.innerHTML = html;
    items.push(item);
  }
  return items.length > 0 ? element("ul.say", {}, ...items) : null;
}
