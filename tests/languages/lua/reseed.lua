-- What each copy does first: the generator was seeded when the template started.

local urandom <close> = assert(io.open("/dev/urandom", "rb"))
math.randomseed(string.unpack("i8i8", urandom:read(16)))
