import doctest
def square(n):
    """
    >>> square(3)
    9
    >>> square("a")
    Traceback (most recent call last):
    TypeError: unsupported operand type(s) for ** or pow(): 'str' and 'int'
    """
    return n**2
def wrong():
    """
    >>> wrong()
    2
    """
    return 1
print(doctest.testmod())
