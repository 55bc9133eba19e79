import re
print(re.findall(r"\b\w", "żółta łódź"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"))
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)", "2024-05-06")
print(m.groupdict(), m.span("month"), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a+", "aab"))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "1 22"), re.compile("(?i)X").findall("xX"))
print(re.escape("a.b"), [m.start() for m in re.finditer("a", "banana")], re.search("(?<=a)n", "banana"))
try:
    re.compile("(")
except re.error as e:
    print(e)
