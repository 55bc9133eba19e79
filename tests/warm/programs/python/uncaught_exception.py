# test: {"status": "error"}
import sys
print("before")
def deep(n):
    if n == 0:
        return {}["missing"]
    return deep(n - 1)
try:
    deep(3)
except KeyError as e:
    sys.stdout.write("again\n")
    raise LookupError("at last") from e
