const zlib = require("zlib"), crypto = require("crypto");
const data = Buffer.alloc(10_000_000, "0123456789abcdef");
for (const [pack, unpack] of [["gzip", "gunzip"], ["deflate", "inflate"], ["deflateRaw", "inflateRaw"]]) {
  const packed = zlib[pack + "Sync"](data); console.log(pack, packed.length < 100000, zlib[unpack + "Sync"](packed).equals(data));
}
console.log(zlib.brotliDecompressSync(zlib.brotliCompressSync(data.subarray(0, 100000))).length);
zlib.gzip(data, (e, packed) => zlib.gunzip(packed, (e2, back) => console.log(e, e2, back.equals(data))));
Promise.all([1, 2, 3, 4, 5, 6].map((n) => require("util").promisify(zlib.deflate)(Buffer.alloc(1_000_000, n)))).then((all) => console.log(all.map((b) => b.length)));
try { zlib.gunzipSync("no"); } catch (e) { console.log(e.code); }
