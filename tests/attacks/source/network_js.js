// attack: uses the network from JavaScript
// expect: status=ok stdout=contained
// host: never
const net = require("net");
const dgram = require("dgram");
let left = 3;
const stopped = (what) => (e) => {
  if (!e) console.log(`BREACH: ${what} worked`);
  if (--left === 0) { console.log("contained"); process.exit(0); }
};
net.connect(4080, "127.0.0.1").on("connect", () => stopped("connect")(null)).on("error", stopped("connect"));
net.createServer().on("error", stopped("listen")).listen(0, "127.0.0.1", () => stopped("listen")(null));
try {
  dgram.createSocket("udp4").on("error", stopped("udp")).bind(0, () => stopped("udp")(null));
} catch (e) { stopped("udp")(e); }
