# attack: uses the network from Python: TCP, UDP, raw, names, netlink, vsock
# expect: status=ok stdout=contained
# host: never
import errno
import socket
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        if family == socket.AF_UNIX and kind == socket.SOCK_STREAM:
            continue
        try:
            socket.socket(family, kind)
            print("BREACH: socket", family, kind)
        except OSError as e:
            if e.errno != errno.EPERM:
                print("WRONG: socket", family, kind, e)
try:
    print("BREACH:", socket.getaddrinfo("example.org", 80))
except OSError:
    pass
print("contained")
