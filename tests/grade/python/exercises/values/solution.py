import datetime
import decimal
import fractions


def same(value):
    return value


def twice(value):
    return value * 2


def sort(values):
    values.sort()
    return values


def count(words):
    found = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def next_day(day):
    return day + datetime.timedelta(days=1)


def half(number):
    return fractions.Fraction(number, 2)


def cents(text):
    return decimal.Decimal(text) / 100


def root(number):
    return number**0.5


def tangle(values):
    values.append(values)
