import cmath, decimal, fractions, math, statistics
print(math.factorial(30), math.gcd(84, 36), math.isqrt(10**20), math.comb(10, 3), math.pi, math.hypot(3, 4), math.prod([2, 3]))
print(decimal.Decimal("0.1") + decimal.Decimal("0.2"), decimal.Decimal(1) / 7, fractions.Fraction(1, 3) + fractions.Fraction(1, 6))
print(statistics.mean([1, 2, 3, 4]), statistics.median([1, 3, 2]), statistics.stdev([1, 2, 3]), cmath.sqrt(-1))
print(math.inf > 10**400, math.nan == math.nan, float("1e400"), (0.75).as_integer_ratio(), (255).to_bytes(2, "big"))
with decimal.localcontext(prec=50):
    print(decimal.Decimal(2).sqrt())
print(int("zz", 36), (10**20).bit_length(), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.log2(8), math.fsum([0.1] * 10))
