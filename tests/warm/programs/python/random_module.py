import os, random, secrets, uuid
random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abc"), random.sample(range(50), 5), random.gauss(0, 1))
l = list(range(10)); random.shuffle(l); print(l, random.choices("xy", weights=[1, 3], k=6))
r = random.Random("seed"); print(r.random(), r.getrandbits(40))
print(len({secrets.token_hex(8) for _ in range(100)}), len(os.urandom(16)), uuid.uuid4().version)
print(uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), uuid.uuid4() != uuid.uuid4(), random.SystemRandom().random() < 1)
