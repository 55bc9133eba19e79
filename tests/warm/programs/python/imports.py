# test: {"files": [{"name": "helper.py", "content": "X = 5\ndef twice(n):\n    return n * 2\nprint('helper loaded as', __name__)\n"}, {"name": "pack/__init__.py", "content": "from .inner import Y\n"}, {"name": "pack/inner.py", "content": "Y = 'inner'\n"}]}
import helper, pack, importlib, sys
from helper import twice
print(twice(helper.X), pack.Y, helper.__file__, "helper" in sys.modules)
importlib.reload(helper)
open("made.py", "w").write("Z = 7"); importlib.invalidate_caches()
import made
print(made.Z, importlib.util.find_spec("nothing"))
try:
    import nothing_like_it
except ModuleNotFoundError as e:
    print(e)
code = compile("a + 1", "<text>", "eval"); print(eval(code, {"a": 4}))
import ast, dis, inspect
print(ast.dump(ast.parse("x = 1 + 2").body[0]), ast.literal_eval("{'a': (1, 2)}"))
print(inspect.signature(twice), inspect.getsource(twice))
