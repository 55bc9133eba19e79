// test: {"status": "timeout", "limits": {"cpu_ms": 300}, "compare": ["status", "stdout"]}
require("fs").writeSync(1, "spinning\n");
for (;;) ;
