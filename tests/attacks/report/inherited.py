# attack: looks whether programs that it starts inherit the report, the order or anything else
# expect: status=ok stdout=contained
# host: never
import os
import subprocess
import sys
out = subprocess.run([sys.executable, "-c", "import os\nfor f in range(3, 1024):\n  try:\n    os.fstat(f); print('BREACH: descriptor', f)\n  except OSError: pass"],
                     close_fds=False, capture_output=True, text=True)
print(out.stdout, out.stderr)
if out.returncode:
    print("WRONG: the program could not be started")
else:
    print("contained")
