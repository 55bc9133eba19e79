# attack: runs twice: random numbers and the seed of hashes may not repeat
# expect: status=ok stdout=contained
# pair: random_numbers_py
# order: together
# differ: random
# differ: urandom
# differ: hash
# host: never
import os
import random
print("random=%r" % random.random())
print("urandom=" + os.urandom(16).hex())
print("hash=%d" % hash("phial"))
print("contained")
