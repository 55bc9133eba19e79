import warnings
warnings.warn("look out")
warnings.warn("old", DeprecationWarning)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    warnings.warn("caught")
    print(len(seen), seen[0].message)
print("\d", end="")
assert (1, "x")
print(warnings.filters[0][0])
