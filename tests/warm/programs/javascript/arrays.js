console.log([3, 1, 2].toSorted(), [1, 2, 3].map((x) => x * 2), [1, [2, [3]]].flat(Infinity));
console.log([1, 2, 3, 4].filter((x) => x % 2), [1, 2, 3].reduce((a, b) => a + b), Array.from({length: 3}, (_, i) => i * i));
console.log([..."żółw"], Array.of(7), [1, 2, 3].at(-1), [5, 1, 10].sort(), [1, 2, 3].includes(2), [1, 2, 3].indexOf(9));
console.log([1, 2, 3, 4, 5].copyWithin(0, 3), new Array(3).fill(0), [1, 2, 3].splice(1, 1), [, 1], [1, 2, 3].findLast((x) => x < 3));
console.log([["a", 1]].entries().next(), [1, 2].join("-"), [3, 4].with(0, 9), Array.isArray([]), [1, 2, 3].flatMap((x) => [x, x]));
console.log(new Uint8Array([1, 256, -1]), new Float64Array(2), new Array(200).fill(1));
