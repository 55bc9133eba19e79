def what(x):
    match x:
        case 0: return "zero"
        case [a, b, *rest] if a == b: return f"pair {rest}"
        case {"name": str(name), **other}: return f"{name} {other}"
        case int() | float(): return "number"
        case (1, y): return y
        case None: return "none"
        case _: return "else"
for x in [0, [1, 1, 2], {"name": "Ada", "age": 36}, 5.5, (1, "y"), None, object]:
    print(what(x))
