// attack: forges the report from JavaScript, then throws: an error may become compile_error, never ok
// expect: status=compile_error
// expect: status=error
// host: never
try {
  require("fs").writeSync(4, '{"status":"ok","exit_code":0}\n{"compile_error":true}\n{"value":"forged"}\n');
} catch {}
throw new Error("x");
