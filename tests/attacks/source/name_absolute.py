# attack: a file name that is absolute
# expect: status=refused
# name: /tmp/out.py
# host: never
print("BREACH: it was accepted")
