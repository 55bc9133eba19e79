/* One run by the button: asked for asynchronously, followed by its event stream. A stream that breaks is resumed by
 * the browser where it was (Last-Event-ID). */
import { call, Problem } from "./server.js";

const mostFailures = 5;

export class Run {
  /* `on` has status(name, place), output(stream, text), result(answer), problem(problem). The last two end it. */
  constructor(request, on, origin = "") {
    this.on = on;
    this.origin = origin;
    this.ended = false;
    this.sending = Promise.resolve();
    this.started = this.#start(request).catch((problem) => this.#end(() => on.problem(problem)));
  }

  async #start(request) {
    const response = await call("POST", `${this.origin}/api/v1/runs`, request, {
      headers: { Prefer: "respond-async" },
    });
    this.path = this.origin + new URL(response.headers.get("Location"), location.href).pathname;
    if (this.ended) await call("DELETE", this.path);
    else this.#listen();
  }

  #listen() {
    let failures = 0;
    this.stream = new EventSource(`${this.path}/events`);
    const hear = (name, what) =>
      this.stream.addEventListener(name, (event) => {
        failures = 0;
        what(JSON.parse(event.data));
      });
    hear("stdout", (text) => this.on.output("stdout", text));
    hear("stderr", (text) => this.on.output("stderr", text));
    hear("status", (status) => this.on.status(status.status, status.place));
    hear("result", (answer) => this.#end(() => this.on.result(answer)));
    hear("problem", (problem) => this.#end(() => this.on.problem(new Problem(problem))));
    this.stream.onerror = () => {
      failures += 1;
      if (this.stream.readyState === EventSource.CLOSED || failures > mostFailures)
        this.#end(() => this.on.problem(new Problem({ title: "The connection to the server was lost" })));
    };
  }

  #end(say) {
    this.stream?.close();
    if (this.ended) return;
    this.ended = true;
    say();
  }

  /* The server tells the end by the stream: what was written until then is still shown. */
  async stop() {
    await this.started;
    if (!this.ended && this.path) await call("DELETE", this.path).catch((problem) => this.#end(() => this.on.problem(problem)));
  }

  /* Sends input in the order of the calls; `last` closes it. */
  send(text, last = false) {
    this.sending = this.sending
      .then(() => call("POST", `${this.path}/stdin${last ? "?eof=1" : ""}`, text, { raw: "application/octet-stream" }))
      .catch((problem) => {
        /* 409: it ended before it had read this, which its result tells. */
        if (problem.status !== 409) this.on.problem(problem);
      });
    return this.sending;
  }
}
