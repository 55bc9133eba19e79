import base64, binascii, configparser, csv, io, json, pickle, struct
print(json.dumps({"b": [1, 2.5, None, True], "a": "ü"}, sort_keys=True), json.dumps("ü", ensure_ascii=False))
print(json.loads('{"x": {"y": [1, -2e3]}}'), json.dumps([1, {"k": 2}], indent=2))
try:
    json.loads("{oops")
except json.JSONDecodeError as e:
    print(e)
out = io.StringIO()
csv.writer(out).writerows([["a", 'b "q"', 1], ["x,y", "", None]])
print(repr(out.getvalue()), list(csv.DictReader(io.StringIO("n,m\n1,2\n"))))
print(pickle.loads(pickle.dumps({"a": [1, (2, 3)], "s": {4}})), struct.pack("<hIf", -2, 7, 1.5), struct.unpack(">H", b"\1\2"))
print(base64.b64encode(b"hi"), base64.b32encode(b"x"), binascii.hexlify(b"\xde\xad"), binascii.crc32(b"x"))
c = configparser.ConfigParser()
c.read_string("[a]\nb = 1\n")
print(c["a"].getint("b"))
import xml.etree.ElementTree as ET, html, urllib.parse
root = ET.fromstring("<a><b n='1'>x</b><b>y</b></a>")
print([b.text for b in root.iter("b")], root[0].attrib, ET.tostring(root), html.escape("<&>"))
print(urllib.parse.urlparse("http://u@h:80/p?q=1#f"), urllib.parse.quote("ż /"), urllib.parse.parse_qs("a=1&a=2"))
