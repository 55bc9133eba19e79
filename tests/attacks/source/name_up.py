# attack: a file name that leads out of the work folder
# expect: status=refused
# name: ../../tmp/out.py
# host: never
print("BREACH: it was accepted")
