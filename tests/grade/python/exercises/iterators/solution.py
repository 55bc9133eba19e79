def count(start):
    while True:
        start += 1
        got = yield start
        if got is not None:
            start = got


def squares(numbers):
    return (number**2 for number in numbers)


def pairs(values):
    return zip(values, values[1:])


class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.start == 0:
            raise StopIteration
        self.start -= 1
        return self.start + 1


async def later(value):
    return value + 1
