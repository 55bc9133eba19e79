class BankError(Exception):
    pass


class Overdrawn(BankError):
    def __init__(self, missing):
        super().__init__(f"{missing} too little")
        self.missing = missing


def withdraw(balance, amount):
    if amount < 0:
        raise TypeError("an amount is not negative")
    if amount > balance:
        return 0
    return balance - amount


def parse(text):
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError("no number") from error


def check(kind):
    isinstance(kind, int)
    return {"a": 1}["b"]


class Door:
    def __init__(self):
        self.open = False

    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, kind, error, trace):
        self.open = False
        return False
