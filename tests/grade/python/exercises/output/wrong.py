import sys


def greet():
    name = input("Name? ")
    print(f"Bye, {name}!")


def warn(text):
    print(text)


def total():
    return 1 + sum(int(line) for line in sys.stdin)
