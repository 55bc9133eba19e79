const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
console.log(new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.add(2, 40));
let sum = 0; for (let i = 0; i < 30_000_000; i++) sum = (sum + i * 7) % 1000003; console.log(sum);
const sieve = new Uint8Array(2_000_000); let primes = 0; for (let i = 2; i < sieve.length; i++) if (!sieve[i]) { primes++; for (let j = i * 2; j < sieve.length; j += i) sieve[j] = 1; } console.log(primes);
const sorted = Array.from({length: 200000}, (_, i) => (i * 7919) % 200003).sort((a, b) => a - b); console.log(sorted[1000]);
