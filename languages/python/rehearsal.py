# A small program: what it touches, each copy of the template touches before its run (docs/languages.md).
words = "one two three".split()


def show(number, word):
    return f"{number:>2} {word.upper()}"


for number, word in enumerate(words, 1):
    print(show(number, word))
print(1 + 1, {word: len(word) for word in words})
sum(range(10))
