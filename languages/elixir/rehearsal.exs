# A small program (docs/languages.md, Warm templates): what it writes to is what runs will write to. Nothing in it needs
# the compiler, which writes to five times as many pages: each waiting copy would have its own of them.
IO.puts("Hello, #{String.upcase("world")}!")
IO.inspect([1, {:a, 2.5}, %{b: Enum.sum([1, 2, 3])}])
"ab" <> Integer.to_string(1 + 1)
