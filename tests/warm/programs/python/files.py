import os, pathlib, shutil, glob, fnmatch
with open("a.txt", "w") as f:
    f.write("one\ntwo\nthree ż\n")
with open("a.txt") as f:
    print(f.readline(), f.readlines(), f.tell())
with open("b.bin", "w+b") as f:
    f.write(bytes(range(10))); f.seek(3); print(f.read(2), f.truncate(5))
print(os.stat("b.bin").st_size, os.path.splitext("x.tar.gz"), os.path.join("a", "/b"), os.getcwd())
p = pathlib.Path("d/e"); p.mkdir(parents=True); (p / "f.txt").write_text("hi")
print(sorted(map(str, pathlib.Path(".").rglob("*.txt"))), (p / "f.txt").read_bytes(), p.parts, p.resolve())
shutil.copytree("d", "copy"); shutil.make_archive("z", "zip", "d"); shutil.rmtree("d")
print(sorted(os.listdir()), glob.glob("*.zip"), fnmatch.filter(["a.py", "b"], "*.py"))
os.symlink("a.txt", "link"); print(os.readlink("link"), os.path.islink("link"))
os.rename("a.txt", "r.txt"); os.chmod("r.txt", 0o600); print(oct(os.stat("r.txt").st_mode))
try:
    open("/usr/x", "w")
except OSError as e:
    print(type(e).__name__, e.errno)
for root, dirs, names in os.walk("copy"): print(root, dirs, names)
os.utime("r.txt", (1, 2)); print(os.stat("r.txt").st_mtime, os.access("/", os.W_OK), os.listdir("/tmp"))
fd = os.open("raw", os.O_CREAT | os.O_RDWR); os.write(fd, b"raw"); os.lseek(fd, 0, 0); print(os.read(fd, 9), fd); os.close(fd)
