require("net").connect(80, "127.0.0.1").on("error", (e) => console.log(e.code, e.syscall));
fetch("http://127.0.0.1/").catch((e) => console.log(e.name, e.message));
require("dns").lookup("localhost", (e, a) => console.log(e?.code, a));
