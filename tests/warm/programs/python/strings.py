print("żółw".upper(), "Straße".casefold(), "a,b,c".split(","), " x ".strip(), "x".center(9, "*"))
print("{:>8}|{:<8}|{:^8}|{:08.3f}|{:+d}|{:,}".format("r", "l", "c", 3.14159, 5, 1234567))
name, n = "Ada", 42
print(f"{name!r} {n:05d} {n=} {n:#x} {3.0:.2e} {name:*^9}")
print("banana".replace("an", "AN", 1), "banana".count("a"), "banana".find("x"), "a b".partition(" "))
print("abc".translate(str.maketrans("ab", "xy")), "Hello World".swapcase(), "hello world".title())
print("é".encode(), "é".encode("utf-16-le"), b"\xff".decode("latin-1"), "\N{SNOWMAN}", len("👩‍👩‍👧"))
print("line1\nline2".splitlines(), "x".join("abc"), "abc".isalpha(), "١".isdigit(), "a".zfill(3))
print(b"\xff".decode("utf-8", "replace"), "\ud800".encode("utf-8", "backslashreplace"))
import string, textwrap, unicodedata, difflib
print(string.Template("$who likes $what").substitute(who="tim", what="kung pao"))
print(textwrap.fill("The quick brown fox jumps over the lazy dog", 20))
print(textwrap.dedent("    a\n      b"), unicodedata.name("ż"), unicodedata.normalize("NFD", "é").encode())
print(list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), difflib.get_close_matches("appel", ["ape", "apple"]))
