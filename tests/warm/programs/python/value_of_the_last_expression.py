x = 20
[x, {"a": (x, None)}]
