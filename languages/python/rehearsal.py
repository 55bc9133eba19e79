# What each run touches, and no more (docs/languages.md): each waiting copy of the template has its own of it.
print(f"{1 + 1}")
