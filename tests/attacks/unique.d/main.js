// Prints NAME=VALUE for each thing that no two runs may have in common, repeat.NAME=VALUE for what may repeat,
// generation.NAME=VALUE for what may repeat in clones of one template.
const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");
const vm = require("vm");
const { Worker } = require("worker_threads");
const { execFileSync } = require("child_process");

const say = (name, value) => console.log(`${name}=${value}`);
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const two = (random) => `${random()} ${random()}`;
const publicKey = (pair) => hex(pair.publicKey.export({ type: "spki", format: "der" }));

say("math_random", two(Math.random));
say("generation.math_random_in_context", vm.runInNewContext("Math.random() + ' ' + Math.random()"));
say("random_bytes", crypto.randomBytes(16).toString("hex"));
say("random_fill", hex(crypto.randomFillSync(new Uint8Array(16))));
say("random_uuid", crypto.randomUUID());
say("random_uuid_uncached", crypto.randomUUID({ disableEntropyCache: true }));
say("random_int", two(() => crypto.randomInt(2 ** 48 - 1)));
say("get_random_values", hex(crypto.getRandomValues(new Uint8Array(16))));
say("web_crypto", hex(globalThis.crypto.getRandomValues(new Uint8Array(16))));
say("web_crypto_uuid", globalThis.crypto.randomUUID());
say("key_ed25519", publicKey(crypto.generateKeyPairSync("ed25519")));
say("key_ec", publicKey(crypto.generateKeyPairSync("ec", { namedCurve: "P-256" })));
say("secret_key", crypto.generateKeySync("hmac", { length: 128 }).export().toString("hex"));
say("mkdtemp", fs.mkdtempSync(path.join(os.tmpdir(), "x-")));
if (fs.existsSync("/usr/bin/node"))
  say("child", execFileSync(process.execPath, ["-e", "console.log(Math.random())"]).toString().trim());
say("repeat.pid", process.pid);
say("repeat.time_origin", performance.timeOrigin);

const asked = [
  new Promise((done) => crypto.randomBytes(16, (_, bytes) => done(["random_bytes_later", hex(bytes)]))),
  new Promise((done) => crypto.randomInt(2 ** 48 - 1, (_, n) => done(["random_int_later", n]))),
  new Promise((done) => crypto.generateKeyPair("x25519", {}, (_, k) => done(["key_later", hex(k.export({ type: "spki", format: "der" }))]))),
  new Promise((done) => {
    const worker = new Worker(
      `const crypto = require("crypto");
       require("worker_threads").parentPort.postMessage([Math.random() + " " + Math.random(),
         crypto.randomBytes(16).toString("hex"), crypto.randomUUID()].join(" "))`,
      { eval: true },
    );
    worker.on("message", (text) => done(["worker", text]));
    worker.on("error", (error) => done(["worker_failed", error.message]));
  }),
];
Promise.all(asked).then((all) => {
  for (const [name, value] of all) say(name, value);
  const parts = all.find(([name]) => name === "worker");
  if (parts) ["math_random", "math_random_2", "random_bytes", "uuid"].forEach((n, i) => say(`worker_${n}`, parts[1].split(" ")[i]));
});
