"""How values cross between the runtime with the tests and the one with the solution.

A format of our own, for pickle and marshal carry code. A value is a tag of one byte and what follows; sizes and counts
are 4 bytes, big endian. Whatever has identity or code is a handle: the other side gets a stand-in, and what comes home is
the original. Containers that can change are numbered in the order in which they are met, on both sides alike: met again
they are a number (tag `&`), so that what is the same list here is the same list there, cycles included.

    N T F E !  None, True, False, Ellipsis, NotImplemented     i  int: size, two's complement      f c  float, complex
    s b a  str, bytes, bytearray: size, bytes      l t S Z  list, tuple, set, frozenset: count, values     d  dict: count, pairs
    v  view of a dict: which, dict      o  other container of `collections`: name, values       r k  range, slice: three values
    x  a value that is made of others (dates, decimals, paths): name, tuple
    G  what both have: module, name      H  handle of the receiver's: id     h  exception of the receiver's: id
    K  class of the sender's: id, description or None     O  instance: id, class, value      g  generator: id
    m  function: id, description      M  module: id, name     e  exception: id, class, arguments, text, attributes, cause, trace
"""

import collections
import datetime
import decimal
import fractions
import pathlib
import struct
import uuid

DEPTH_MOST = 400
FRAME_MOST = 16 << 20
ITEMS_MOST = 2_000_000
SURROGATES = "surrogatepass"

pack_size, unpack_size = struct.Struct(">I").pack, struct.Struct(">I").unpack_from
pack_float, unpack_float = struct.Struct(">d").pack, struct.Struct(">d").unpack_from
pack_id, unpack_id = struct.Struct(">Q").pack, struct.Struct(">Q").unpack_from

VIEWS = {type({}.keys()): b"k", type({}.values()): b"v", type({}.items()): b"i"}
MUTABLE = (list, dict, set, bytearray, collections.deque, collections.OrderedDict, collections.defaultdict, collections.Counter)
FACTORIES = {each.__name__: each for each in (int, float, str, list, dict, set, tuple, bool, bytes, complex)}


class Malformed(Exception):
    """What no honest peer sends."""


def parts_of_time(value):
    return value.hour, value.minute, value.second, value.microsecond, value.tzinfo, value.fold


def parts_of_date(value):
    return value.year, value.month, value.day


def make_datetime(year, month, day, hour, minute, second, microsecond, zone, fold):
    return datetime.datetime(year, month, day, hour, minute, second, microsecond, zone, fold=fold)


def make_time(hour, minute, second, microsecond, zone, fold):
    return datetime.time(hour, minute, second, microsecond, zone, fold=fold)


# Names, types, how they are taken apart and made again.
MADE = {
    "date": (datetime.date, parts_of_date, datetime.date),
    "time": (datetime.time, parts_of_time, make_time),
    "datetime": (datetime.datetime, lambda value: parts_of_date(value) + parts_of_time(value), make_datetime),
    "timedelta": (datetime.timedelta, lambda value: (value.days, value.seconds, value.microseconds), datetime.timedelta),
    "timezone": (datetime.timezone, lambda value: value.__getinitargs__(), datetime.timezone),
    "decimal": (decimal.Decimal, lambda value: (str(value),), decimal.Decimal),
    "fraction": (fractions.Fraction, lambda value: (value.numerator, value.denominator), fractions.Fraction),
    "uuid": (uuid.UUID, lambda value: (value.hex,), uuid.UUID),
    "path": (pathlib.PosixPath, lambda value: (str(value),), pathlib.PosixPath),
    "purepath": (pathlib.PurePosixPath, lambda value: (str(value),), pathlib.PurePosixPath),
}
MADE_NAMES = {kind: name for name, (kind, _, _) in MADE.items()}
PLAIN_PARTS = (int, str, type(None), datetime.timezone, datetime.timedelta)


class Writer:
    """Writes one frame. `handles` decides how what has identity or code crosses."""

    def __init__(self, handles, shared=()):
        self.handles, self.out, self.depth, self.items = handles, bytearray(), 0, 0
        self.shared = list(shared)
        self.numbers = {id(each): number for number, each in enumerate(self.shared)}

    def put(self, value):
        kind = type(value)
        way = WAYS.get(kind)
        self.items += 1
        if len(self.out) > FRAME_MOST or self.items > ITEMS_MOST:
            raise ValueError("a value is too large to pass between tests and solution")
        if way is None:
            self.handles.put(self, value)
            return
        if self.depth > DEPTH_MOST:
            raise ValueError("a value is too deep to pass between tests and solution")
        if kind in MUTABLE:
            number = self.numbers.get(id(value))
            if number is not None:
                self.out += b"&" + pack_size(number)
                return
            self.numbers[id(value)] = len(self.shared)
            self.shared.append(value)
        self.depth += 1
        way(self, value)
        self.depth -= 1

    def put_bytes(self, tag, data):
        self.out += tag + pack_size(len(data))
        self.out += data

    def put_int(self, value):
        self.put_bytes(b"i", value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))

    def put_many(self, tag, values):
        self.out += tag + pack_size(len(values))
        for value in values:
            self.put(value)

    def put_dict(self, value):
        self.out += b"d" + pack_size(len(value))
        for key, each in value.items():
            self.put(key)
            self.put(each)

    def put_view(self, view):
        self.out += b"v" + VIEWS[type(view)]
        self.put(dict(view.mapping))

    def put_other(self, name, extra, values):
        self.out += b"o"
        self.put(name)
        self.put(extra)
        self.put_many(b"t", values)

    def put_made(self, value):
        name = MADE_NAMES[type(value)]
        parts = tuple(MADE[name][1](value))
        if any(type(part) not in PLAIN_PARTS for part in parts):
            raise TypeError(f"a {type(value).__name__} with a {type(parts[-2]).__name__} cannot pass between tests and solution")
        self.out += b"x"
        self.put(name)
        self.put(parts)


def pairs(value):
    return [pair for pair in value.items()]


WAYS = {
    type(None): lambda w, v: w.out.extend(b"N"),
    bool: lambda w, v: w.out.extend(b"T" if v else b"F"),
    type(...): lambda w, v: w.out.extend(b"E"),
    type(NotImplemented): lambda w, v: w.out.extend(b"!"),
    int: Writer.put_int,
    float: lambda w, v: w.out.extend(b"f" + pack_float(v)),
    complex: lambda w, v: w.out.extend(b"c" + pack_float(v.real) + pack_float(v.imag)),
    str: lambda w, v: w.put_bytes(b"s", v.encode("utf-8", SURROGATES)),
    bytes: lambda w, v: w.put_bytes(b"b", v),
    bytearray: lambda w, v: w.put_bytes(b"a", v),
    list: lambda w, v: w.put_many(b"l", v),
    tuple: lambda w, v: w.put_many(b"t", v),
    set: lambda w, v: w.put_many(b"S", v),
    frozenset: lambda w, v: w.put_many(b"Z", v),
    dict: Writer.put_dict,
    range: lambda w, v: (w.out.extend(b"r"), w.put((v.start, v.stop, v.step))),
    slice: lambda w, v: (w.out.extend(b"k"), w.put((v.start, v.stop, v.step))),
    collections.deque: lambda w, v: w.put_other("deque", v.maxlen, v),
    collections.OrderedDict: lambda w, v: w.put_other("OrderedDict", None, pairs(v)),
    collections.Counter: lambda w, v: w.put_other("Counter", None, pairs(v)),
    collections.defaultdict: lambda w, v: w.put_other("defaultdict", getattr(v.default_factory, "__name__", None), pairs(v)),
    **dict.fromkeys(VIEWS, Writer.put_view),
    **dict.fromkeys(MADE_NAMES, Writer.put_made),
}


class Reader:
    """Reads one frame. Every size is checked against what is left."""

    def __init__(self, handles, data, shared=()):
        self.handles, self.data, self.at, self.depth, self.items = handles, data, 0, 0, 0
        self.shared = list(shared)

    def take(self, size):
        end = self.at + size
        if end > len(self.data):
            raise Malformed("a frame is shorter than it says")
        part = self.data[self.at : end]
        self.at = end
        return part

    def size(self):
        return unpack_size(self.take(4))[0]

    def count(self):
        count = self.size()
        self.items += count
        if count > len(self.data) - self.at or self.items > ITEMS_MOST:
            raise Malformed("a frame has more values than it has room for")
        return count

    def id(self):
        return unpack_id(self.take(8))[0]

    def get(self):
        way = READERS.get(self.take(1))
        self.items += 1
        if way is None or self.depth > DEPTH_MOST + 10 or self.items > ITEMS_MOST:
            raise Malformed("a frame holds no value, or one too deep or too large")
        self.depth += 1
        value = way(self)
        self.depth -= 1
        return value

    def get_exact(self, kind):
        value = self.get()
        if type(value) is not kind:
            raise Malformed(f"a {kind.__name__} was due")
        return value

    def end(self):
        if self.at != len(self.data):
            raise Malformed("a frame is longer than it says")

    def text(self):
        try:
            return self.take(self.size()).decode("utf-8", SURROGATES)
        except UnicodeDecodeError:
            raise Malformed("a text is no UTF-8") from None

    def share(self, value):
        self.shared.append(value)
        return value

    def get_list(self):
        value, count = self.share([]), self.count()
        for _ in range(count):
            value.append(self.get())
        return value

    def get_set(self):
        value, count = self.share(set()), self.count()
        for _ in range(count):
            self.add(value.add, self.get())
        return value

    @staticmethod
    def add(how, *parts):
        try:
            how(*parts)
        except TypeError:
            raise Malformed("a key cannot be hashed") from None

    def get_tuple(self):
        return tuple([self.get() for _ in range(self.count())])

    def get_frozenset(self):
        try:
            return frozenset(self.get_tuple())
        except TypeError:
            raise Malformed("a key cannot be hashed") from None

    def get_dict(self):
        value, count = self.share({}), self.count()
        for _ in range(count):
            key = self.get()
            self.add(value.__setitem__, key, self.get())
        return value

    def get_view(self):
        which = self.take(1)
        value = self.get_exact(dict)
        if which not in (b"k", b"v", b"i"):
            raise Malformed("no view of a dict")
        return value.keys() if which == b"k" else value.values() if which == b"v" else value.items()

    def get_other(self):
        # Its number is taken before its contents are read, as when it was written.
        number = len(self.shared)
        self.shared.append(None)
        name, extra = self.get(), self.get()
        values = self.get_exact(tuple)
        try:
            value = self.make_other(name, extra, values)
        except (TypeError, ValueError, OverflowError, KeyError):
            value = None
        if value is None:
            raise Malformed("no container of collections")
        self.shared[number] = value
        return value

    @staticmethod
    def make_other(name, extra, values):
        if name == "deque":
            return collections.deque(values, extra)
        if name == "OrderedDict":
            return collections.OrderedDict(values)
        if name == "Counter":
            return collections.Counter(dict(values))
        return collections.defaultdict(FACTORIES.get(extra), dict(values)) if name == "defaultdict" else None

    def get_three(self, kind):
        parts = self.get_exact(tuple)
        try:
            return kind(*parts) if len(parts) == 3 else None
        except (TypeError, ValueError, OverflowError):
            raise Malformed(f"no {kind.__name__}") from None

    def get_made(self):
        name, parts = self.get_exact(str), self.get_exact(tuple)
        if name not in MADE or any(type(part) not in PLAIN_PARTS for part in parts):
            raise Malformed("no value that both know")
        try:
            return MADE[name][2](*parts)
        except (TypeError, ValueError, OverflowError, ArithmeticError):
            raise Malformed(f"no {name}") from None

    def get_shared(self):
        number = self.size()
        if number >= len(self.shared) or self.shared[number] is None:
            raise Malformed("a number of no container")
        return self.shared[number]


READERS = {
    b"N": lambda r: None,
    b"T": lambda r: True,
    b"F": lambda r: False,
    b"E": lambda r: ...,
    b"!": lambda r: NotImplemented,
    b"i": lambda r: int.from_bytes(r.take(r.size()), "big", signed=True),
    b"f": lambda r: unpack_float(r.take(8))[0],
    b"c": lambda r: complex(unpack_float(r.take(8))[0], unpack_float(r.take(8))[0]),
    b"s": Reader.text,
    b"b": lambda r: bytes(r.take(r.size())),
    b"a": lambda r: r.share(bytearray(r.take(r.size()))),
    b"l": Reader.get_list,
    b"t": Reader.get_tuple,
    b"S": Reader.get_set,
    b"Z": Reader.get_frozenset,
    b"d": Reader.get_dict,
    b"v": Reader.get_view,
    b"o": Reader.get_other,
    b"r": lambda r: r.get_three(range),
    b"k": lambda r: r.get_three(slice),
    b"x": Reader.get_made,
    b"&": Reader.get_shared,
    **{bytes([tag]): (lambda tag: lambda r: r.handles.get(r, tag))(bytes([tag])) for tag in b"GHhKOgmMe"},
}


# ---- what a call changes in what it was given ----


def snapshot(shared):
    return [bytes(each) if type(each) is bytearray else [*pairs(each)] if isinstance(each, dict) else [*each] for each in shared]


def same(before, now):
    if type(now) is bytearray:
        return before == now
    if isinstance(now, dict):
        return len(before) == len(now) and all(a is c and b is d for (a, b), (c, d) in zip(before, now.items()))
    if type(now) is set:
        return len(before) == len(now) and {id(each) for each in before} == {id(each) for each in now}
    return len(before) == len(now) and all(a is b for a, b in zip(before, now))


def put_changes(writer, before):
    """What became of the containers that were shared, then the rest of the frame can follow."""
    changed = [number for number, each in enumerate(before) if not same(each, writer.shared[number])]
    writer.out += pack_size(len(changed))
    for number in changed:
        now = writer.shared[number]
        writer.out += pack_size(number)
        if type(now) is bytearray:
            writer.put(bytes(now))
        else:
            writer.put_many(b"t", [part for pair in now.items() for part in pair] if isinstance(now, dict) else now)


def get_changes(reader):
    """Returns what makes the changes, for when all has been read."""
    count, changes = reader.count(), []
    for _ in range(count):
        number = reader.size()
        if number >= len(reader.shared):
            raise Malformed("a number of no container")
        target = reader.shared[number]
        parts = reader.get_exact(bytes if type(target) is bytearray else tuple)
        if isinstance(target, dict) and len(parts) % 2:
            raise Malformed("a key without a value")
        changes.append((target, parts))
    return changes


def make_changes(changes):
    for target, parts in changes:
        target.clear()
        if isinstance(target, dict):
            dict.update(target, zip(parts[::2], parts[1::2]))
        elif type(target) is set:
            target.update(parts)
        else:
            target.extend(parts)


