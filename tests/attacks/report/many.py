# attack: reports a hundred thousand diagnostics and traced values
# expect: status=ok stdout=contained
# expect: status=killed
# expect: status=output_limit
# trace: yes
# host: never
import os
os.write(4, b'{"diagnostic": {"severity": "warning", "message": "m", "file": "f", "line": 1, "column": 1}}\n' * 10000)
os.write(4, b'{"values": {"line": 1, "value": "v"}}\n' * 20000)
print("contained", flush=True)
os._exit(0)
