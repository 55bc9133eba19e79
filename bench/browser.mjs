/* How long a learner waits, in Chromium: from the press of Run until its output is on the screen, and from the last key
 * until the live values are.
 *
 * usage: bench/run --only browser [--rounds N]
 *
 * Needs root, the images, and the page bundled (scripts/setup web --check). The second figure has the pause of 250 ms in
 * it that Live waits for another key. */
import { launch, lesson, program, replaceCode } from "../tests/browser/harness.mjs";
import { Server } from "../tests/browser/server.mjs";

const at = process.argv.indexOf("--rounds");
const rounds = at > 0 ? Number(process.argv[at + 1]) : 50;
if (!(rounds >= 1)) {
  console.error("bench/browser: --rounds must be a number from 1 on");
  process.exit(2);
}

/* The time until `there` is true of the page and that is drawn, measured in the page. */
const untilDrawn = (section, start, there) =>
  section.evaluate(
    async (node, [startText, thereText]) => {
      const isThere = new Function("node", `return ${thereText}`);
      const drawn = new Promise((resolve) => {
        const watcher = new MutationObserver(() => {
          if (!isThere(node)) return;
          watcher.disconnect();
          /* The next frame's callback runs before it is drawn, a message after that when it has been. */
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now());
            channel.port2.postMessage(null);
          });
        });
        watcher.observe(node, { subtree: true, childList: true, characterData: true });
      });
      const began = performance.now();
      new Function("node", startText)(node);
      return (await drawn) - began;
    },
    [start, there],
  );

async function runToOutput(page) {
  await page.goto(lesson);
  const section = await program(page, 0);
  await section.getByRole("switch").uncheck();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await replaceCode(section, `IO.puts("round ${i}.")`);
    times.push(await untilDrawn(section, 'node.querySelector("button.run").click()', `node.querySelector("pre.output")?.textContent === "round ${i}.\\n"`));
    await section.locator(".verdict", { hasText: "It ran." }).waitFor();
  }
  return times;
}

async function keyToValues(page) {
  await page.goto(lesson);
  const section = await program(page, 0);
  await section.getByRole("switch").check();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await replaceCode(section, `n = ${i}\n"round #{n}" <> `);
    await page.waitForTimeout(500);
    const key = `node.querySelector(".cm-content").focus(); document.execCommand("insertText", false, "'.'".replaceAll("'", '"'))`;
    times.push(await untilDrawn(section, key, `[...node.querySelectorAll(".live-value")].some((value) => value.textContent === '"round ${i}."')`));
  }
  return times;
}

function report(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const of = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  console.log(`${name}: median ${of(0.5)} ms, 95th percentile ${of(0.95)} ms, worst ${of(1)} ms (${times.length} rounds)`);
}

const browser = await launch();
/* The budget of one learner is not what is measured. */
const server = await Server.start({ live_ms: "60min" });
try {
  const context = await browser.newContext({ baseURL: server.origin, bypassCSP: true });
  const page = await context.newPage();
  report("Run to output on the screen ", await runToOutput(page));
  report("last key to live values     ", await keyToValues(page));
} finally {
  await browser.close();
  await server.stop();
}
