import os, select, socket
a, b = socket.socketpair(); a.send(b"hello"); print(b.recv(9))
r, w = os.pipe(); print(select.select([r], [], [], 0)[0]); os.write(w, b"x"); print(select.select([r], [], [], 1)[0] == [r])
p = select.poll(); p.register(r, select.POLLIN); print(p.poll(10)[0][1]); e = select.epoll(); e.register(r); print(len(e.poll(0.1)))
import selectors; s = selectors.DefaultSelector(); s.register(b, selectors.EVENT_READ); a.send(b"y"); print(len(s.select(1)))
try:
    socket.socket().connect(("127.0.0.1", 80))
except OSError as error:
    print(type(error).__name__, error.errno)
print(socket.gethostname())
