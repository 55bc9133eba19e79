# attack: a file name that looks like an option
# expect: status=ok stdout=contained
# expect: status=refused
# name: -c.py
# host: never
print("contained")
