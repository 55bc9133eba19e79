def count(start):
    while True:
        start += 2
        got = yield start
        if got is not None:
            start = got


def squares(numbers):
    return (number**3 for number in numbers)


def pairs(values):
    return zip(values, values)


class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.start == 0:
            raise StopIteration
        self.start -= 1
        return self.start


async def later(value):
    return value
