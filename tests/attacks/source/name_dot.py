# attack: a file name that is the folder itself
# expect: status=refused
# name: .
# host: never
print("BREACH: it was accepted")
