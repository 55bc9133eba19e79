def countdown(n):
    while n:
        got = yield n
        n = n - 1 if got is None else got
g = countdown(5)
print(next(g), next(g), g.send(2), list(g))
def outer():
    result = yield from inner()
    yield result
def inner():
    yield 1
    return "returned"
print(list(outer()))
def cleaned():
    try:
        yield 1
    finally:
        print("cleaned")
c = cleaned()
next(c)
c.close()
print(sum(x * x for x in range(10)), {x: y for x, y in zip("ab", [1, 2])}, {x % 3 for x in range(9)})
print([y := 5, y**2], (lambda *a, **k: (a, k))(1, b=2))
def f(a, /, b, *, c=3, **rest): return a, b, c, rest
print(f(1, 2), f(1, b=2, c=4, d=5))
