import sys
for n in range(20000):
    print("line", n, "żółw")
sys.stdout.write("x" * 100000)
print("to error " * 1000, file=sys.stderr)
