# test: {"status": "error"}
import math
print(math.sqroot(4))
