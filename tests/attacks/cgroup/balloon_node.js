// attack: takes 10 GB in buffers, which V8's own heap limit does not count
// expect: status=memory
// expect: status=error
// limits: memory_bytes=134217728
// slow: yes
// host: never
const held = [];
for (let i = 0; i < 10240; i++) held.push(Buffer.alloc(1 << 20, 1));
console.log(`BREACH: ${held.length} MiB were taken`);
