// attack: hangs in one native call that no event loop can interrupt: a regular expression that backtracks
// expect: status=timeout
// limits: cpu_ms=1000 wall_ms=10000
// slow: yes
// host: never
/^(a+)+$/.test("a".repeat(60) + "b");
console.log("BREACH: it came to an end");
