# test: {"interactive": ["Ada\n", "3 4\n", "stop\n"]}
import sys
name = input("name? ")
print("hello", name, flush=True)
print(sum(map(int, input("numbers? ").split())))
for line in sys.stdin:
    print("line", line, end="", flush=True)
