# test: {"status": "error"}
throw({:a, "ball"})
