# attack: a file that Python loads by itself while it boots, so that user code runs before the clocks and limits are the user's
# expect: status=ok stdout=contained
# name: .local/lib/python3.13/site-packages/usercustomize.py
# host: never
import os
if __name__ != "__main__":
    os.write(1, b"BREACH: user code ran before the runtime was ready\n")
    os.write(4, b"ready\n")
print("contained")
