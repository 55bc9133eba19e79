import functools, itertools, operator
print(list(itertools.permutations("abc", 2)))
print(list(itertools.combinations_with_replacement("ab", 2)), list(itertools.product("ab", repeat=2)))
print(list(itertools.accumulate([1, 2, 3], operator.mul)), list(itertools.chain("ab", [1])))
print([(k, list(g)) for k, g in itertools.groupby("aabbb")], list(itertools.batched("abcdefg", 3)))
print(list(itertools.islice(itertools.count(10, 5), 4)), list(itertools.pairwise("abc")))
print(list(itertools.zip_longest("ab", "x", fillvalue="-")), list(itertools.takewhile(lambda x: x < 3, range(9))))
print(functools.reduce(operator.add, [1, 2, 3]), functools.partial(pow, 2)(10))

@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(90), fib.cache_info())

@functools.singledispatch
def show(x):
    return "other"
@show.register
def _(x: int):
    return "int"
print(show(1), show("a"), sorted("bca", key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b))))
