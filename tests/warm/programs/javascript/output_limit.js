// test: {"status": "output_limit", "limits": {"output_bytes": 10000}, "compare": ["status", "stdout", "truncated"]}
for (;;) require("fs").writeSync(1, "line\n");
