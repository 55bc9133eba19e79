# attack: runs twice: random numbers may not repeat
# expect: status=ok stdout=contained
# pair: random_numbers_py
# order: together
# differ: random
# differ: urandom
# host: never
import os
import random
print("random=%r" % random.random())
print("urandom=" + os.urandom(16).hex())
print("contained")
