console.log(0.1 + 0.2, 2 ** 53 + 1, 2n ** 100n, 7 % -3, -7 / 0, NaN, -0, (255).toString(16), parseInt("12px"), Number("0x1f"), 1_000);
console.log((1234.5678).toFixed(2), (0.000001234).toExponential(2), Number.EPSILON > 0, Math.max(1, 2), Math.hypot(3, 4), Math.sign(-3), Math.clz32(1), 5 & 3, ~5, -1 >>> 0);
console.log(new Date(0).toISOString(), new Date(2024, 1, 29).toString(), Date.UTC(2024, 0), new Date("2024-02-30"), new Date("x"), new Date(0).getTimezoneOffset());
console.log(new Intl.NumberFormat("en-US").format(1234567.891), new Date(0).toLocaleDateString("en-US"), new Intl.DateTimeFormat().resolvedOptions().timeZone);
console.log(Math.abs(Date.now() - new Date().getTime()) < 1000, performance.now() > 0, Number.isInteger(5.0), isNaN("x"), BigInt.asUintN(8, 257n), Math.fround(5.5));
