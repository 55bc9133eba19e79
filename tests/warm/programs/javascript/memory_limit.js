// test: {"status": "memory", "limits": {"memory_bytes": 67108864}, "compare": ["status", "stdout"]}
require("fs").writeSync(1, "filling\n");
const x = []; for (;;) x.push(Buffer.alloc(1 << 20, 1));
