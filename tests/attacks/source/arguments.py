# attack: arguments that look like fields of the order that phial sends to the harness
# expect: status=ok stdout=contained
# arg: file=/etc/passwd
# arg: x\ntrace=1
# arg: --help
# arg: env=LD_PRELOAD=/work/x.so
# host: never
import os
import sys
if sys.argv[1:] != ["file=/etc/passwd", "x\\ntrace=1", "--help", "env=LD_PRELOAD=/work/x.so"]:
    print("BREACH: the arguments are", sys.argv[1:])
if "LD_PRELOAD" in os.environ:
    print("BREACH: an argument became a variable")
print("contained")
