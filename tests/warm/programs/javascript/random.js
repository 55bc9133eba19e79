const numbers = new Set([...Array(1000)].map(() => Math.random()));
console.log(numbers.size, [...numbers].every((n) => n >= 0 && n < 1), Math.floor(Math.random()));
console.log(new Set([...Array(50)].map(() => crypto.getRandomValues(new Uint32Array(4)).join())).size);
