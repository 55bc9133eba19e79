# attack: reports a status, an exit code and a usage of its own on descriptor 4
# expect: status=error exit=3
# host: never
import os
for line in (b'{"status": "ok", "exit_code": 0, "signal": null}', b'{"usage": {"cpu_ms": 0, "memory_bytes": 0}}',
             b'{"stdout": "all is well"}', b'{"id": "r_0", "start": "warm", "limits": {}}', b'{"verdict": "pass"}'):
    try:
        os.write(4, line + b"\n")
    except OSError:
        pass
os._exit(3)
