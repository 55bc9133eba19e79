"""Stand-ins for what lives on the other side.

A stand-in's class is made from a description, with those special methods that the original has, so that `len`, `iter`,
`isinstance` and operators do what they do with the original. What derives from an immutable builtin (named tuples, IntEnum)
is such a value here, and compared as one; exceptions derive from the builtin exceptions that theirs derive from.

Whether a stand-in equals or orders before a value of this side is decided on this side, by type: it does not. Otherwise the
solution would be asked whether it is right. Between two stand-ins it is the solution's own question.
"""

import builtins
import collections
import functools
import sys
import types
import weakref

from phial_grade import wire

KEY = "_phial_remote"
CALLABLES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType, types.WrapperDescriptorType,
             types.MethodDescriptorType, types.ClassMethodDescriptorType, functools.partial, functools._lru_cache_wrapper)  # fmt: skip
VALUE_TYPES = (int, float, complex, str, bytes, tuple, frozenset)
ORDERINGS = ("__lt__", "__le__", "__gt__", "__ge__")
ARITHMETIC = [f"__{kind}{name}__" for name in ("add sub mul truediv floordiv mod divmod pow matmul lshift rshift and or xor").split()
              for kind in ("", "r", "i") if (kind, name) != ("i", "divmod")]  # fmt: skip
UNARY = "__neg__ __pos__ __abs__ __invert__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__".split()
SPECIALS = {*ORDERINGS, *ARITHMETIC, *UNARY, "__eq__", "__hash__", "__bool__", "__len__", "__length_hint__", "__iter__", "__next__",
            "__reversed__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__call__", "__enter__", "__exit__", "__str__",
            "__repr__", "__format__", "__bytes__", "__await__", "__aiter__", "__anext__", "__aenter__", "__aexit__", "__dir__"}  # fmt: skip
# Modules whose exceptions both have, and names of `builtins` that are no gift to who asks for them.
EXCEPTION_MODULES = {"json.decoder", "decimal", "asyncio.exceptions", "queue", "_queue", "struct", "re", "_csv", "statistics",
                     "dataclasses", "binascii", "copy", "configparser", "zoneinfo", "_zoneinfo", "concurrent.futures._base"}  # fmt: skip
KEPT_BACK = {"eval", "exec", "compile", "open", "input", "breakpoint", "__import__", "exit", "quit", "help", "globals", "locals",
             "vars", "getattr", "setattr", "delattr", "super", "memoryview", "dir"}  # fmt: skip


class Remote:
    """One handle of the other side's. `count` is how often it was sent."""

    def __init__(self, handles, id):
        self.handles, self.id, self.count = handles, id, 0
        self.mixed = False  # a difference with a value of this side

    def ask(self, operation, name=None, args=(), keywords=None):
        return self.handles.link.call(operation, self.id, name, args, keywords)

    def __del__(self):
        if self.count:
            self.handles.released.append((self.id, self.count))


class Meta(type):
    """Of classes of stand-ins. Only `handles` makes them: what derives from one cannot be judged apart."""

    derived = staticmethod(print)  # called with the name of such a class

    def __new__(meta, name, bases, space, made=False):
        if not made and any(KEY in vars(base) for base in bases if type(base) is Meta):
            Meta.derived(name)
        return super().__new__(meta, name, bases, space)

    def __init__(cls, name, bases, space, made=False):
        super().__init__(name, bases, space)

    def __call__(cls, *args, **keywords):
        return cls.__dict__[KEY].ask("call", None, args, keywords)

    def __getattr__(cls, name):
        return cls.__dict__[KEY].ask("get", name)

    def __setattr__(cls, name, value):
        cls.__dict__[KEY].ask("set", name, (value,))

    def __delattr__(cls, name):
        cls.__dict__[KEY].ask("del", name)

    def __iter__(cls):
        return cls.__dict__[KEY].ask("special", "__iter__")

    def __len__(cls):
        return cls.__dict__[KEY].ask("special", "__len__")

    def __getitem__(cls, key):
        return cls.__dict__[KEY].ask("special", "__getitem__", (key,))

    def __contains__(cls, value):
        return cls.__dict__[KEY].ask("special", "__contains__", (value,))

    def __bool__(cls):
        return True


class Root:
    """What all stand-ins of instances do."""

    def __getattr__(self, name):
        return remote(self).ask("get", name)

    def __setattr__(self, name, value):
        if name.startswith("__"):
            object.__setattr__(self, name, value)
        else:
            remote(self).ask("set", name, (value,))

    def __delattr__(self, name):
        remote(self).ask("del", name)

    def __copy__(self):
        return remote(self).ask("copy")

    def __deepcopy__(self, memo):
        return remote(self).ask("deepcopy")

    def __repr__(self):
        return remote(self).ask("special", "__repr__")


class Instance(Root):
    def __eq__(self, other):
        mine, theirs = remote(self), remote(other)
        if theirs is None:
            kind = type(other)
            return mine.ask("value") == other if kind in (list, dict, set) and type(self)._phial_container else NotImplemented
        return mine is theirs or ("__eq__" in type(self)._phial_specials and mine.ask("special", "__eq__", (other,)) is True)

    def __hash__(self):
        return remote(self).ask("special", "__hash__") if "__hash__" in type(self)._phial_specials else hash(id(remote(self)))


class Callable:
    """A function, method or the like."""

    def __init__(self, handle, described):
        vars(self).update({KEY: handle}, **dict(zip(("__name__", "__qualname__", "__module__", "__doc__"), described)))

    def __call__(self, *args, **keywords):
        return remote(self).ask("call", None, args, keywords)

    def __repr__(self):
        return remote(self).ask("special", "__repr__")

    __getattr__, __setattr__, __delattr__ = Root.__getattr__, Root.__setattr__, Root.__delattr__
    __copy__ = __deepcopy__ = lambda self, memo=None: self


class Module(types.ModuleType):
    """A module of the solution's. Names are looked up when they are asked for."""

    def __getattr__(self, name):
        if KEY not in vars(self):
            raise AttributeError(name)
        return remote(self).ask("all" if name == "__all__" else "get", name)

    def __setattr__(self, name, value):
        if name.startswith("__") or KEY not in vars(self):
            object.__setattr__(self, name, value)
        else:
            remote(self).ask("set", name, (value,))

    def __delattr__(self, name):
        remote(self).ask("del", name)

    def __dir__(self):
        return remote(self).ask("special", "__dir__")


def remote(value):
    """The handle of a stand-in; None for what is none."""
    kind = type(value)
    if kind is Meta:
        return type.__getattribute__(value, "__dict__").get(KEY)
    if type(kind) is Meta or kind is Callable or kind is Module:
        return object.__getattribute__(value, "__dict__").get(KEY)
    return generators.get(value) if kind is types.GeneratorType else None


generators = weakref.WeakKeyDictionary()


def generate(handle):
    """A generator of this side's that is driven as the other's is."""
    try:
        value = handle.ask("special", "__next__")
        while True:
            try:
                sent = yield value
            except GeneratorExit:
                handle.ask("get", "close")()
                raise
            except BaseException as error:
                value = handle.ask("get", "throw")(error)
            else:
                value = handle.ask("special", "__next__") if sent is None else handle.ask("get", "send")(sent)
    except StopIteration as end:
        return end.value


# ---- special methods ----


def plain_result(name, mine, other, result):
    """What an operator gives for a stand-in and a value of this side. A number of the solution's choice could be the distance
    to the value that is expected."""
    if isinstance(result, (int, float, complex)) and remote(result) is None:
        raise TypeError(f"{name} of an object of the solution's own and a value of the tests gives no object of the solution's own")
    made = remote(result)
    if made is not None and name in ("__sub__", "__rsub__"):
        made.mixed = True
    return result


def make_special(name):
    def special(self, *args):
        return remote(self).ask("special", name, args)

    def leave(self, kind, error, trace):
        return remote(self).ask("special", name, (kind, error, None))  # no frames

    def ordering(self, other):
        return remote(self).ask("special", name, (other,)) if remote(other) is not None else NotImplemented

    def arithmetic(self, other, *rest):
        mine = remote(self)
        result = mine.ask("special", name, (other, *rest))
        return result if remote(other) is not None else plain_result(name, mine, other, result)

    def unary(self, *args):
        if remote(self).mixed:
            raise TypeError("the difference of an object of the solution's own and a value of the tests is no number")
        return remote(self).ask("special", name, args)

    def await_(self):
        return remote(self).ask("await")
        yield

    if name == "__await__":
        return await_
    if name in ("__exit__", "__aexit__"):
        return leave
    return (ordering if name in ORDERINGS else arithmetic if name in ARITHMETIC else unary if name in UNARY else special)  # fmt: skip


METHODS = {name: make_special(name) for name in SPECIALS - {"__eq__", "__hash__"}}


# ---- what things are ----


def value_type_of(kind):
    return next((each for each in VALUE_TYPES if issubclass(kind, each)), None)


def plain(value_type, value):
    """Its value as its builtin base sees it."""
    if value_type in (tuple, frozenset):
        return value_type(value_type.__iter__(value))
    if value_type is str:
        return str.__str__(value)
    return bytes.__getitem__(value, slice(None)) if value_type is bytes else value_type.__pos__(value)


def is_a(value, kind):
    """As isinstance, but not by what it says itself of its class."""
    return issubclass(type(value), kind)


def has_own(kind, name, same_as):
    found = getattr(kind, name, None)
    return found is not None and found is not getattr(same_as, name, None)


def text_of(error):
    try:
        text = str(error)
        return text if type(text) is str else "".join(text)
    except BaseException:
        return "<its str raised an exception>"


@functools.cache
def common_classes():
    """Names of what a solution may return that both have: types and exceptions, and a few functions."""
    found = {("builtins", name): value for name, value in vars(builtins).items()
             if name not in KEPT_BACK and (isinstance(value, type) or type(value) is types.BuiltinFunctionType)}  # fmt: skip
    kinds = [each for each in wire.WAYS if each.__module__ != "builtins"] + [collections.ChainMap, collections.UserDict]
    return found | {(kind.__module__, kind.__qualname__): kind for kind in kinds}


def common_exception(module, name):
    kind = getattr(sys.modules.get(module), name, None) if module in EXCEPTION_MODULES else None
    return kind if isinstance(kind, type) and type(kind) is type and issubclass(kind, Exception) else None
