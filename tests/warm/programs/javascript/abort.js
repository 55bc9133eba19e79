// test: {"status": "error", "compare": ["status", "exit_code", "signal", "stdout"]}
require("fs").writeSync(1, "going\n");
process.abort();
