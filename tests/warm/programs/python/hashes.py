import hashlib, hmac, zlib, bz2, lzma, gzip
data = bytes(range(256)) * 40000
for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256"):
    print(name, hashlib.new(name, data).hexdigest()[:32])
print(hmac.new(b"k", b"d", "sha256").hexdigest(), hashlib.pbkdf2_hmac("sha256", b"p", b"s", 1000).hex(), hashlib.scrypt(b"p", salt=b"s", n=16, r=8, p=1).hex()[:20])
for module in (zlib, bz2, gzip, lzma):
    small = data[:1_000_000] if module is lzma else data
    packed = module.compress(small); print(module.__name__, len(packed) < len(small) // 10, module.decompress(packed) == small)
print(zlib.crc32(data), zlib.adler32(data))
