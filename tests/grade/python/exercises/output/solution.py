import sys


def greet():
    name = input("Name? ")
    print(f"Hello, {name}!")


def warn(text):
    print(text, file=sys.stderr)


def total():
    return sum(int(line) for line in sys.stdin)
