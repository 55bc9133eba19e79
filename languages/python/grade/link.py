"""Calls between the two runtimes of a grading, over the link that the executor makes of descriptors 3 and 4.

A frame is a size, a kind, a number and a value (wire.py). `C` asks for something: operation, handle, name, arguments,
output and handles that nobody holds any more. `R` is the answer: what the call changed in what it was given, whether it
raised, the value. `H` is the solution's first word. While one side waits for an answer it serves the other's calls, so the
two are one thread, and answers come in the order of a stack. What no honest peer sends ends the link for good.
"""

import os
import struct
import threading

from phial_grade import wire

ORDER, REPORT = 3, 4
DEPTH_MOST = 120  # of calls within calls
header = struct.Struct(">IBI")


class Lost(BaseException):
    """The other side has ended or is no peer. No exception that a test could expect."""


class Link:
    def __init__(self, early=b""):
        self.buffer, self.lock = bytearray(early), threading.RLock()
        self.number = self.depth = 0
        self.lost = None  # why
        self.said = []  # what is to be printed on the other side: (stream, text)
        self.said_size = 0
        self.handles = self.operations = self.print = None  # set by who uses it
        self.local = set()  # exceptions that are not passed on

    # ---- frames ----

    def fail(self, why):
        self.lost = self.lost or why
        for number in (ORDER, REPORT):
            try:
                os.close(number)
            except OSError:
                pass
        raise Lost(self.lost)

    def send(self, kind, number, out):
        data = memoryview(header.pack(len(out), kind, number) + bytes(out))
        try:
            while data:
                data = data[os.write(REPORT, data) :]
        except OSError:
            self.fail("it has ended")

    def fill(self, size):
        while len(self.buffer) < size:
            try:
                data = os.read(ORDER, 1 << 18)
            except OSError:
                data = b""
            if not data:
                self.fail("it has ended")
            self.buffer += data

    def receive(self):
        self.fill(header.size)
        size, kind, number = header.unpack_from(self.buffer)
        if size > wire.FRAME_MOST + 65536:
            self.fail("it sent what is too large")
        self.fill(header.size + size)
        data = bytes(self.buffer[header.size : header.size + size])
        del self.buffer[: header.size + size]
        return kind, number, data

    def read(self, data, shared=(), changes=False):
        """The value of a frame, and what it changes."""
        reader = wire.Reader(self.handles, data, shared)
        try:
            changed = wire.get_changes(reader) if changes else []
            value = reader.get()
            reader.end()
        except wire.Malformed as error:
            self.fail(f"it sent what is no value: {error}")
        except RecursionError:
            self.fail("it sent what is too deep")
        wire.make_changes(changed)
        return value, reader.shared

    # ---- what is printed ----

    def say(self, stream, text):
        with self.lock:
            if self.said_size < wire.FRAME_MOST // 4:
                self.said.append((stream, text[: wire.FRAME_MOST // 4]))
                self.said_size += len(text)

    def take_said(self):
        said, self.said, self.said_size = self.said, [], 0
        return tuple(said)

    def hear(self, said):
        if type(said) is not tuple:
            self.fail("it sent no output")
        for part in said:
            if type(part) is not tuple or len(part) != 2 or part[0] not in (1, 2) or type(part[1]) is not str:
                self.fail("it sent no output")
            if self.print:
                self.print(*part)

    # ---- calls ----

    def call(self, operation, target=0, name=None, args=(), keywords=None):
        with self.lock:
            if self.lost:
                raise Lost(self.lost)
            if self.depth >= DEPTH_MOST:
                raise RecursionError("tests and solution call each other too deeply")
            writer = wire.Writer(self.handles)
            writer.put((operation, target, name, tuple(args), keywords or {}))
            writer.put((self.take_said(), self.handles.take_released()))
            self.number += 1
            number = self.number
            self.depth += 1
            try:
                self.send(67, number, writer.out)
                ok, value = self.await_reply(number, writer.shared)
            finally:
                self.depth -= 1
                if self.depth == 0:
                    self.handles.forget_exceptions()
        if ok:
            return value
        raise value

    def await_reply(self, number, shared):
        while True:
            kind, theirs, data = self.receive()
            if kind == 67:
                self.serve(theirs, data)
            elif kind == 82 and theirs == number:
                break
            else:
                self.fail("it answered what was not asked")
        reply, _ = self.read(data, shared, changes=True)
        if type(reply) is not tuple or len(reply) != 3 or type(reply[0]) is not bool:
            self.fail("it sent no answer")
        ok, value, rest = reply
        self.hear(rest)
        if not ok:
            value = self.handles.raisable(value)
        return ok, value

    def read_call(self, data):
        reader = wire.Reader(self.handles, data)
        try:
            call, rest = reader.get(), reader.get()
            reader.end()
        except wire.Malformed as error:
            self.fail(f"it sent what is no value: {error}")
        except RecursionError:
            self.fail("it sent what is too deep")
        kinds = (str, int, (str, type(None)), tuple, dict)
        if type(call) is not tuple or len(call) != 5 or not all(map(isinstance, call, kinds)):
            self.fail("it sent no call")
        if any(type(key) is not str for key in call[4]) or type(rest) is not tuple or len(rest) != 2:
            self.fail("it sent no call")
        self.hear(rest[0])
        self.handles.release(rest[1])
        return call, reader.shared

    def serve(self, number, data):
        call, shared = self.read_call(data)
        before = wire.snapshot(shared)
        self.depth += 1
        try:
            if self.depth > 2 * DEPTH_MOST:
                raise RecursionError("tests and solution call each other too deeply")
            reply = True, self.operations(*call)
        except Lost:
            raise
        except BaseException as error:
            if type(error) in self.local:
                raise
            reply = False, error
        finally:
            self.depth -= 1
        self.send(82, number, self.write_reply(shared, before, *reply))

    def write_reply(self, shared, before, ok, value):
        said = self.take_said()
        try:
            writer = wire.Writer(self.handles, shared)
            wire.put_changes(writer, before)
            writer.put((ok, value, said))
        except Exception as error:
            writer = wire.Writer(self.handles, shared)
            writer.out += wire.pack_size(0)
            writer.put((False, TypeError(str(error)), said))
        return writer.out
