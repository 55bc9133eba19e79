// attack: a source that is not UTF-8
// expect: status=ok
// expect: status=error
// expect: status=compile_error
// host: never
console.log("ÿþÃ(");
