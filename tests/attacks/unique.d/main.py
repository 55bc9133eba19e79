"""Prints NAME=VALUE for each thing that no two runs may have in common, repeat.NAME=VALUE for what may repeat,
generation.NAME=VALUE for what may repeat in clones of one template."""
import ctypes
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import uuid


def say(name, value):
    print(f"{name}={value}")


def in_thread(function):
    result = []
    thread = threading.Thread(target=lambda: result.append(function()))
    thread.start()
    thread.join()
    return result[0]


libc = ctypes.CDLL(None)


def from_libc(call, *more):
    data = ctypes.create_string_buffer(16)
    call(data, 16, *more)
    return data.raw.hex()


say("random", random.random().hex())
say("getrandbits", random.getrandbits(64))
say("random_state", hash(random.getstate()))
say("random_object", random.Random().getrandbits(64))
say("system_random", random.SystemRandom().getrandbits(64))
say("shuffle", random.sample(range(10**6), 8))
say("random_in_thread", in_thread(lambda: random.getrandbits(64)))
say("secrets", secrets.token_hex(16))
say("urandom", os.urandom(16).hex())
say("urandom_in_thread", in_thread(lambda: os.urandom(16).hex()))
say("uuid4", uuid.uuid4())
say("uuid1", uuid.uuid1())
say("uuid_node", uuid.getnode())
say("mkdtemp", tempfile.mkdtemp())
say("temporary_file", tempfile.NamedTemporaryFile().name)
say("getrandom", from_libc(libc.getrandom, 0))
say("getrandom_in_thread", in_thread(lambda: from_libc(libc.getrandom, 0)))
say("arc4random", from_libc(libc.arc4random_buf))
pid = os.fork()
if pid == 0:
    say("random_in_child", random.getrandbits(64))
    say("urandom_in_child", os.urandom(16).hex())
    sys.stdout.flush()
    os._exit(0)
os.waitpid(pid, 0)
say("hash_in_child", subprocess.run([sys.executable, "-c", "print(hash('phial'))"], capture_output=True, text=True).stdout.strip())
try:
    import ssl

    say("openssl", ssl.RAND_bytes(16).hex())
except ImportError:
    pass
libc.getauxval.restype = ctypes.c_ulong
say("generation.hash", hash("phial"))
say("generation.hash_of_bytes", hash(b"phial"))
say("generation.at_random", ctypes.string_at(libc.getauxval(25), 16).hex())
say("generation.address", hex(id(object())))
say("generation.libc_address", hex(ctypes.cast(libc.printf, ctypes.c_void_p).value))
say("repeat.pid", os.getpid())
say("repeat.thread", threading.get_native_id())
