import gc, sys, weakref
class Node: pass
n = Node(); r = weakref.ref(n); print(r() is n); del n; print(r())
a, b = Node(), Node(); a.other, b.other = b, a; r = weakref.ref(a); del a, b; _ = gc.collect(); print(r())
big = [bytes(1000) for _ in range(50000)]; print(len(big)); del big
class Loud:
    def __del__(self): print("deleted")
Loud(); x = Loud(); print("end of file"); print(sys.getsizeof([]) > 0, sys.getrefcount(object()) >= 1)
