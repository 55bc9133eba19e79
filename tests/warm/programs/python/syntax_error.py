# test: {"status": "compile_error"}
print("never")
if True
    print("x")
