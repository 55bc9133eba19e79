# attack: reports values of wrong types, numbers out of range, unknown keys, broken UTF-8, zero bytes, no line's end
# expect: status=ok stdout=contained
# trace: yes
# host: never
import os
lines = [b'{"value": 17}', b'{"value": {"a": 1}}', b'{"value": null}', b'{"values": {"line": -1, "value": "x"}}',
         b'{"values": {"line": 1e999, "value": "x"}}', b'{"values": {"line": 99999999999999999999, "value": "x"}}',
         b'{"values": []}', b'{"diagnostic": "x"}', b'{"diagnostic": {"severity": "root", "message": 1}}',
         b'{"diagnostic": {"severity": "error", "message": "\xff\xfe", "line": 1}}', b'\x00\x00\x00', b'{"value": "\\u0000"}',
         b'{"value": "\\ud800"}', b'{"compile_error": "true"}', b'{"compile_error": 1}', b'{"value": "a", "value": "b"}', b'null', b'true',
         b'"x"', b'[]', b'{}', b'', b'\xef\xbb\xbf{}', b'{"": {"": {}}}', b'{"value": "unfinished']
for line in lines:
    os.write(4, line + b"\n")
os.write(4, b'{"value": "no end of line"')
print("contained", flush=True)
os._exit(0)
