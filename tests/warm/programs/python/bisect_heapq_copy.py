import bisect, copy, heapq, pprint, typing, types, abc, numbers, operator, weakref, graphlib
h = [5, 1, 4]; heapq.heapify(h); print(heapq.heappop(h), heapq.nlargest(2, [1, 5, 2]), list(heapq.merge([1, 4], [2, 3])))
l = [1, 3, 5]; bisect.insort(l, 4); print(l, bisect.bisect_left(l, 3))
d = {"a": [1]}; s, e = copy.copy(d), copy.deepcopy(d); d["a"].append(2); print(s, e)
pprint.pprint({"k" * 20: list(range(20)), "b": {"c": ["x" * 30] * 3}}, width=60)
print(list(graphlib.TopologicalSorter({"c": {"b"}, "b": {"a"}}).static_order()), types.SimpleNamespace(a=1), typing.get_type_hints(lambda: 0))
class P(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
try:
    P()
except TypeError as e:
    print(e)
print(operator.itemgetter(1)([4, 5]), operator.attrgetter("real")(3), isinstance(1, numbers.Integral))
