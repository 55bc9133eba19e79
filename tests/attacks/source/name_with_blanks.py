# attack: a file name with blanks, quotes, a dollar sign and letters beyond ASCII
# expect: status=ok stdout=contained
# name: a b'c"d$(reboot);é→.py
# host: never
print("contained")
