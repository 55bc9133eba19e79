console.log("żółw".toUpperCase(), "abc".padStart(5, "*"), "a-b-c".split("-"), "abc".at(-1), "x".repeat(3), " t ".trim());
console.log("banana".replaceAll("an", "AN"), "aXbX".replace(/x/gi, (m, i) => i), [..."a1b22".matchAll(/\d+/g)].map((m) => m[0]));
console.log(/(?<y>\d{4})-(?<m>\d\d)/.exec("2024-05").groups, "e\u0301".normalize("NFC").length, "ß".localeCompare("ss", "de"), "a\tb\\");
console.log(`${1 + 1} ${"nested `x`"}`, String.raw`\n${1}`, "abc".codePointAt(1), String.fromCodePoint(128034), "🐢".length, encodeURIComponent("ż /"));
console.log("Hello".startsWith("He"), "abc".localeCompare("abd"), escape("ż"), btoa("hi"), atob("aGk="), "a,b".concat("!"), "\u{1F600}".isWellFormed?.());
