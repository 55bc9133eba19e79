const b = Buffer.from("żółw 🐢");
console.log(b, b.toString("hex"), b.toString("base64url"), b.length, b.slice(0, 2), Buffer.concat([b, Buffer.from([1])]).length, Buffer.compare(Buffer.from("a"), Buffer.from("b")));
const v = new DataView(new ArrayBuffer(8)); v.setFloat32(0, 1.5); v.setInt16(4, -2, true); console.log(new Uint8Array(v.buffer), b.readUInt16BE(0), Buffer.alloc(3, "ab"), b.includes("w"), b.indexOf(32));
console.log(new Blob(["x"]).size, new URL("http://u:p@h:8080/p/q?x=1&x=2#f"), new URLSearchParams("a=1&b=ż").toString(), Buffer.allocUnsafe(5).length);
console.log(new TextDecoder("utf-16le").decode(new Uint8Array([65, 0])), require("querystring").parse("a=1&a=2"), require("string_decoder").StringDecoder.name);
