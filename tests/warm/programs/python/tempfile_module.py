import os, tempfile
with tempfile.TemporaryDirectory() as d:
    print(os.path.dirname(d), os.path.isdir(d))
print(os.path.isdir(d))
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as f:
    f.write("x" * 1000); f.seek(0); print(len(f.read()), f.name.endswith(".txt"))
names = {tempfile.mktemp() for _ in range(100)}
print(len(names), tempfile.gettempdir())
with tempfile.SpooledTemporaryFile(max_size=10) as f:
    f.write(b"y" * 100); print(f.tell())
print(os.listdir("/tmp"))
