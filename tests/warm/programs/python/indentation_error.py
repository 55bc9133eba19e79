# test: {"status": "compile_error"}
def f():
print("x")
