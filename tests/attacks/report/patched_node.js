// attack: replaces what the harness works with: JSON, process.exit, fs, prototypes
// expect: status=error exit=5
// host: never
const exit = process.exit.bind(process);
JSON.stringify = () => '{"compile_error":true,"status":"ok"}';
Object.prototype.toJSON = () => ({ compile_error: true });
Array.prototype.join = () => "";
require("fs").writeSync = () => 1;
process.on("exit", () => { process.exitCode = 5; });
exit(5);
