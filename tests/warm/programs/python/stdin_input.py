# test: {"stdin": "Ada\n1 2 3\nrest\nmore"}
import sys
name = input("name? ")
print(name, sum(map(int, input().split())))
print(sys.stdin.readline(), list(sys.stdin), sys.stdin.read())
try:
    input("end? ")
except EOFError as e:
    print(repr(e))
