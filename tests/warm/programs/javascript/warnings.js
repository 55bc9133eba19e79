process.emitWarning("look out"); new Buffer(5); require("events").defaultMaxListeners = 1;
const e = new (require("events"))(); e.on("x", () => {}); e.on("x", () => {});
console.log("warned");
