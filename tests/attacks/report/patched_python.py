# attack: replaces what the harness works with: os.write, json, sys.exit, exception hooks
# expect: status=error exit=5
# host: never
import builtins
import json
import os
import sys
json.dumps = lambda *a, **k: '{"compile_error": true, "status": "ok"}'
os.write = lambda *a: 1
builtins.compile = builtins.exec = builtins.repr = lambda *a, **k: (_ for _ in ()).throw(SystemExit(0))
sys.excepthook = lambda *a: os._exit(0)
raise SystemExit(5)
