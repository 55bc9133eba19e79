import array, ctypes, mmap, os
libc = ctypes.CDLL(None); print(libc.abs(-5), libc.strlen(b"hello"), ctypes.sizeof(ctypes.c_long))
m = mmap.mmap(-1, 4096); m[:5] = b"hello"; print(m[:5], len(m)); m.close()
open("f", "wb").write(b"x" * 5000); f = open("f", "r+b"); m = mmap.mmap(f.fileno(), 0); m[0:1] = b"y"; m.flush(); print(open("f", "rb").read(2))
a = array.array("i", [1, 2, 3]); a.append(4); print(a, a.itemsize, a.tobytes()[:4])
@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
def compare(x, y): return x[0] - y[0]
values = (ctypes.c_int * 4)(3, 1, 4, 1); libc.qsort(values, 4, 4, compare); print(list(values))
