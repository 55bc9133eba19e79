import random


def apply(function, values):
    return [function(value) for value in values]


def compose(first, second):
    return lambda value: second(first(value))


def logged(function):
    def wrapper(*args, **keywords):
        wrapper.calls += 1
        return function(*args, **keywords)

    wrapper.calls = 0
    return wrapper


def notify(listeners, event):
    for listener in listeners:
        listener.update(event)


def roll():
    return random.randint(1, 6)


def largest(values, key):
    return max(values, key=key)
