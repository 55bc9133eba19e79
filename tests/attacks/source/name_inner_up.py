# attack: a file name that leads up in the middle
# expect: status=refused
# name: a/../../out.py
# host: never
print("BREACH: it was accepted")
