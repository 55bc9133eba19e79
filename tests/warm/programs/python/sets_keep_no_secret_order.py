# Sets of numbers have an order; of strings they have one of their own in each run, so sort.
print({5, 1, 9, 3}, {n * 7 % 11 for n in range(8)}, sorted({"b", "a", "c"}), frozenset({2, 1}))
print(hash((1, 2, 3)), hash(2**70), hash(0.5), hash("a") == hash("a"), {"z": 1, "a": 2, **{"m": 3}})
