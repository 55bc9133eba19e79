# attack: reports JSON nested a million deep, as array and as object
# expect: status=ok diagnostics=0 stdout=contained
# host: never
import os
os.write(4, b"[" * 500000 + b"\n")
os.write(4, b'{"a":' * 150000 + b"1" + b"}" * 150000 + b"\n")
os.write(4, b'{"diagnostic": ' + b"[" * 10000 + b"]" * 10000 + b"}\n")
print("contained", flush=True)
os._exit(0)
