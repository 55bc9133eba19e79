// attack: runs twice: random numbers may not repeat
// expect: status=ok stdout=contained
// pair: random_numbers_js
// order: together
// differ: random
// differ: strong
// host: never
console.log(`random=${Math.random()}`);
console.log(`strong=${require("crypto").randomBytes(16).toString("hex")}`);
console.log("contained");
