"""What this side has given away, and the stand-ins for what it got."""

import types
import weakref

from phial_grade import wire
from phial_grade.proxies import (CALLABLES, KEY, METHODS, ORDERINGS, SPECIALS, VALUE_TYPES, Callable, Instance, Meta, Module, Remote, Root, generate,
                                 generators, has_own, is_a, plain, remote, text_of, value_type_of)  # fmt: skip

PASSING = 1 << 40  # numbers of exceptions of the tests
HANDLES_MOST, CLASSES_MOST, FIXED_MOST = 200_000, 5_000, 20_000
TEXT_MOST = 4096


class Handles:
    """What this side has given away, and the stand-ins for what it got. `gate` decides what may leave and what is believed."""

    def __init__(self, link, gate):
        self.link, self.gate = link, gate
        link.handles = self
        self.next = 1
        self.exports, self.ids, self.counts, self.sent = {}, {}, {}, set()
        self.proxies, self.fixed, self.classes = weakref.WeakValueDictionary(), {}, {}
        self.released = []
        self.passing = {}  # exceptions of ours that are on the other side

    # ---- given away ----

    def export(self, value):
        number = self.ids.get(id(value))
        if number is None:
            if len(self.exports) >= HANDLES_MOST:
                raise ValueError("too many objects pass between tests and solution")
            number = self.next
            self.next += 1
            self.exports[number], self.ids[id(value)], self.counts[number] = value, number, 0
        self.counts[number] += 1
        return number

    def own(self, number):
        try:
            return self.exports[number]
        except (KeyError, TypeError):
            self.link.fail("it used a handle that it does not have")

    def release(self, released):
        if type(released) is not tuple:
            self.link.fail("it released no handles")
        for pair in released:
            if type(pair) is not tuple or [type(part) for part in pair] != [int, int] or pair[0] not in self.counts:
                self.link.fail("it released a handle that it does not have")
            number, count = pair
            self.counts[number] -= count
            if self.counts[number] <= 0 and number not in self.sent:
                self.ids.pop(id(self.exports.pop(number)), None)
                del self.counts[number]

    def take_released(self):
        released, self.released = self.released, []
        return tuple(released)

    def forget_exceptions(self):
        self.passing.clear()

    # ---- writing ----

    def put(self, writer, value):
        handle = remote(value)
        if is_a(value, BaseException):
            self.put_exception(writer, value)
        elif handle is not None:
            writer.out += b"H" + wire.pack_id(handle.id)
        elif (name := self.gate.common_name(value)) is not None:
            writer.out += b"G"
            writer.put(name)
        elif is_a(value, type):
            self.put_class(writer, value)
        elif type(value) is types.GeneratorType:
            writer.out += b"g" + wire.pack_id(self.export(value))
        elif is_a(value, types.ModuleType):
            self.gate.check_export(value)
            writer.out += b"M" + wire.pack_id(self.export(value))
            writer.put(value.__name__)
        elif is_a(value, CALLABLES):
            self.put_callable(writer, value)
        else:
            self.gate.check_export(value)
            self.put_instance(writer, value)

    def put_callable(self, writer, value):
        self.gate.check_export(value)
        names = ("__name__", "__qualname__", "__module__", "__doc__" if self.gate.tells_documents else "")
        texts = [getattr(value, name, None) for name in names]
        writer.out += b"m" + wire.pack_id(self.export(value))
        writer.put(tuple(text[:TEXT_MOST] if type(text) is str else None for text in texts))

    def put_instance(self, writer, value):
        kind = type(value)
        value_type = value_type_of(kind)
        writer.out += b"O" + wire.pack_id(self.export(value))
        self.put_class(writer, kind, described=True)
        writer.put(None if value_type is None else plain(value_type, value))

    def put_class(self, writer, kind, described=False):
        """`described`: for a stand-in of an instance, though both may have the class."""
        if not described and (remote(kind) is not None or self.gate.common_name(kind) is not None):
            writer.put(kind)
            return
        new = kind not in self.sent
        if new:
            self.gate.check_export(kind)
        number = self.export(kind)
        writer.out += b"K" + wire.pack_id(number)
        if not new:
            writer.put(None)
            return
        self.sent.add(kind)
        self.sent.add(number)
        value_type = value_type_of(kind)
        same_as = value_type or (BaseException if issubclass(kind, BaseException) else object)
        specials = tuple(name for name in sorted(SPECIALS) if has_own(kind, name, same_as))
        bases = tuple(base for base in kind.__bases__ if self.gate.tells_base(base))
        document = kind.__doc__ if self.gate.tells_documents and type(kind.__doc__) is str else None
        is_container = issubclass(kind, (list, dict, set))
        writer.put((kind.__name__[:TEXT_MOST], kind.__qualname__[:TEXT_MOST], str(kind.__module__)[:TEXT_MOST], document, specials,
                    value_type and value_type.__name__, is_container, kind.__hash__ is not None))  # fmt: skip
        writer.put(bases)

    def put_exception(self, writer, error):
        origin = vars(error).get("_phial_origin")
        if origin is not None and origin[0] is self:
            writer.out += b"h" + wire.pack_id(origin[1])
            return
        if self.gate.exports_exceptions:
            number = self.export(error)
        else:
            number = PASSING + len(self.passing)
            self.passing[number] = error
        writer.out += b"e" + wire.pack_id(number)
        kind = type(error)
        while not self.gate.tells_exception(kind):
            kind = kind.__bases__[0]
        self.put_class(writer, kind)
        self.put_or_text(writer, error.args)
        writer.put(text_of(error)[: 4 * TEXT_MOST])
        writer.put(self.gate.trace(error))
        told = error.__cause__ if writer.depth < 20 else None
        writer.put(told if isinstance(told, Exception) and told is not error else None)

    def put_or_text(self, writer, args):
        """Arguments of an exception, each that cannot pass as its text."""
        writer.out += b"t" + wire.pack_size(len(args))
        for each in args:
            start, shared = len(writer.out), len(writer.shared)
            try:
                writer.put(each)
            except (TypeError, ValueError):
                for lost in writer.shared[shared:]:
                    writer.numbers.pop(id(lost), None)
                del writer.out[start:], writer.shared[shared:]
                writer.put(f"<{type(each).__name__}>")

    # ---- reading ----

    def get(self, reader, tag):
        return getattr(self, READ[tag])(reader)

    def get_common(self, reader):
        name = reader.get_exact(tuple)
        if len(name) != 2 or any(type(part) is not str for part in name):
            raise wire.Malformed("no name")
        return self.gate.find_common(*name)

    def get_own(self, reader):
        return self.own(reader.id())

    def get_own_exception(self, reader):
        error = self.gate.own_exception(self, reader.id())
        return error if error is not None else RuntimeError("an exception of an earlier call")

    def handle(self, number):
        if len(self.proxies) + len(self.fixed) > HANDLES_MOST:
            raise wire.Malformed("too many handles")
        return Remote(self, number)

    def known(self, number):
        found = self.proxies.get(number)
        found = found if found is not None else self.fixed.get(number)
        if found is not None:
            remote(found).count += 1
        return found

    def keep(self, number, made, handle):
        handle.count += 1
        try:
            self.proxies[number] = made
        except TypeError:  # no weak reference to it
            if len(self.fixed) < FIXED_MOST:
                self.fixed[number] = made
        return made

    def get_callable(self, reader):
        number, described = reader.id(), reader.get_exact(tuple)
        if len(described) != 4 or any(type(text) not in (str, type(None)) for text in described):
            raise wire.Malformed("no function")
        found = self.known(number)
        if found is not None:
            return found
        handle = self.handle(number)
        return self.keep(number, Callable(handle, described), handle)

    def get_module(self, reader):
        number, name = reader.id(), reader.get_exact(str)
        found = self.known(number)
        if found is not None:
            return found
        handle, module = self.handle(number), Module(name)
        vars(module)[KEY] = handle
        return self.keep(number, module, handle)

    def get_generator(self, reader):
        number = reader.id()
        found = self.proxies.get(number)
        if found is not None:
            generators[found].count += 1
            return found
        handle = self.handle(number)
        made = generate(handle)
        generators[made] = handle
        return self.keep(number, made, handle)

    def get_class(self, reader):
        number, described = reader.id(), reader.get()
        if described is None:
            if number not in self.classes:
                raise wire.Malformed("no class")
            return self.classes[number]
        if type(described) is not tuple or len(described) != 8 or number in self.classes or len(self.classes) >= CLASSES_MOST:
            raise wire.Malformed("no class")
        bases = reader.get_exact(tuple)
        try:
            made = self.make_class(number, described, bases)
        except (TypeError, ValueError):
            raise wire.Malformed("no class that could be") from None
        self.classes[number] = made
        return made

    def make_class(self, number, described, bases):
        name, qualname, module, document, specials, value_type, is_container, is_hashable = described
        kinds = ((name, str), (qualname, str), (module, str), (specials, tuple), (is_container, bool), (is_hashable, bool))
        if any(type(value) is not kind for value, kind in kinds) or not all(isinstance(base, type) for base in bases):
            raise wire.Malformed("no class")
        values = {kind.__name__: kind for kind in VALUE_TYPES}
        if value_type is not None and value_type not in values:
            raise wire.Malformed("no class")
        specials = frozenset(specials) & SPECIALS
        space = {each: METHODS[each] for each in specials if each in METHODS and (value_type is None or each not in ORDERINGS)}
        space |= {"__module__": module, "__qualname__": qualname, "__doc__": document if type(document) is str else None,
                  "_phial_specials": specials, "_phial_container": is_container, KEY: Remote(self, number)}  # fmt: skip
        if not is_hashable and value_type is None:
            space["__hash__"] = None
        own = [base for base in bases if type(base) is Meta]
        errors = [base for base in bases if type(base) is type and issubclass(base, BaseException) and self.gate.may_derive(base)]
        root = values[value_type] if value_type else Instance
        return self.new_class(name, own, errors, root, space)

    @staticmethod
    def new_class(name, own, errors, root, space):
        if errors or any(issubclass(base, BaseException) for base in own):
            space.pop("__hash__", None)
            space["__str__"] = lambda self: vars(self).get("_phial_text", "")
            return Meta(name, (*own, *(() if any(issubclass(base, Root) for base in own) else (Root,)), *errors), space, made=True)
        if root is Instance:
            return Meta(name, tuple(own) or (Instance,), space, made=True)
        if any(issubclass(base, root) for base in own):
            return Meta(name, tuple(own), space, made=True)
        return Meta(name, (*own, *(() if own else (Root,)), root), space, made=True)

    def get_instance(self, reader):
        number, kind = reader.id(), reader.get()
        value = reader.get()
        if type(kind) is not Meta:
            raise wire.Malformed("no instance")
        found = self.known(number)
        if found is not None:
            return found
        value_type = value_type_of(kind)
        if value_type is not None and type(value) is not value_type:
            raise wire.Malformed("no instance")
        try:
            made = object.__new__(kind) if value_type is None else value_type.__new__(kind, value)
        except (TypeError, ValueError):
            raise wire.Malformed("no instance that could be") from None
        handle = self.handle(number)
        object.__setattr__(made, KEY, handle)
        return self.keep(number, made, handle)

    def get_exception(self, reader):
        number, kind, args = reader.id(), reader.get(), reader.get_exact(tuple)
        text, trace, cause = reader.get_exact(str), reader.get(), reader.get()
        if not isinstance(kind, type) or not issubclass(kind, BaseException):
            raise wire.Malformed("no exception")
        error = self.make_exception(kind, args)
        space = vars(error)
        space.update(_phial_trace=trace if type(trace) is str else "", _phial_text=text)
        space["_phial_origin"] = (self, number)
        if type(kind) is Meta:
            handle = self.handle(number)
            object.__setattr__(error, KEY, handle)
        error.__cause__ = cause if isinstance(cause, Exception) and cause is not error else None
        return error

    @staticmethod
    def make_exception(kind, args):
        if type(kind) is not Meta:
            try:
                return kind(*args)
            except Exception:
                pass
        try:
            error = next(base for base in kind.__mro__ if type(base) is type and issubclass(base, BaseException)).__new__(kind)
        except Exception:
            raise wire.Malformed("no exception that could be") from None
        object.__setattr__(error, "args", args)
        return error

    def raisable(self, value):
        if not isinstance(value, BaseException):
            self.link.fail("it raised what is no exception")
        return self.gate.believe(value)


READ = {b"G": "get_common", b"H": "get_own", b"h": "get_own_exception", b"K": "get_class", b"O": "get_instance", b"g": "get_generator",
        b"m": "get_callable", b"M": "get_module", b"e": "get_exception"}  # fmt: skip
