/* A `phial serve` of a test's own, on a port that the kernel chooses. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, chmod, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const build = process.env.PHIAL_BUILD ?? join(root, "build");
const program = process.env.PHIAL ?? join(build, "src/cli/phial");
const languages = process.env.PHIAL_LANGUAGES ?? join(root, "languages");
const images = process.env.PHIAL_IMAGES ?? "/var/lib/phial/images";
export const webFolder = join(build, "web");

export class Server {
  static async start({ courses = [join(here, "trial")], ...settings } = {}) {
    const server = new Server();
    server.folder = await mkdtemp(join(tmpdir(), "phial-browser-"));
    await chmod(server.folder, 0o755);
    await mkdir(join(server.folder, "state"), { mode: 0o755 });
    server.courses = courses;
    /* It stops with the tests, however they end. */
    process.on("exit", () => server.process?.kill());
    try {
      await server.#serve(settings);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /* Stops it and starts it with other settings, on what it has kept; at another port. */
  async again(settings) {
    await this.#end();
    await this.#serve(settings);
  }

  async #serve(settings) {
    const values = {
      languages_dir: languages,
      images_dir: images,
      web_dir: webFolder,
      state_dir: join(this.folder, "state"),
      socket: join(this.folder, "phial.sock"),
      audit_log: join(this.folder, "audit.log"),
      ...settings,
    };
    const given = ["serve", "--listen", "127.0.0.1:0", ...this.courses.flatMap((folder) => ["--course", folder])];
    for (const [name, value] of Object.entries(values)) given.push("--set", `${name}=${value}`);
    this.logPath = join(this.folder, "log");
    const log = await open(this.logPath, "w");
    this.process = spawn(program, given, { stdio: ["ignore", log.fd, log.fd] });
    await log.close();
    await this.#ready();
  }

  async #ready() {
    for (;;) {
      const text = await readFile(this.logPath, "utf8");
      this.origin = /phial is ready: .*?(http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (this.origin) break;
      if (this.process.exitCode !== null) throw new Error(`phial serve ended: ${text}`);
      await sleep(20);
    }
    while (!(await fetch(`${this.origin}/readyz`)).ok) await sleep(50);
  }

  async #end() {
    if (this.process.exitCode !== null) return;
    this.process.kill();
    await once(this.process, "exit");
  }

  async stop() {
    await this.#end();
    if (process.env.PHIAL_TEST_LOG) console.log(await readFile(this.logPath, "utf8"));
    await rm(this.folder, { recursive: true, force: true });
  }
}
