# What a script sees of modules that it did not import.
import sys
print(sorted(n for n in sys.modules if "." not in n and not n.startswith("_")))
print([m for m in ("warm_up", "__mp_main__", "phial") if m in sys.modules])
print(sorted(sys.modules["__main__"].__dict__))
