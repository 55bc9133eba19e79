# A small program (docs/languages.md, Warm templates): what it writes to, every run writes to. One that defines a module
# writes five times as many pages, all of which each copy would then pay for.
name = "world"
IO.puts("Hello, #{name}!")
IO.inspect([1, 2.5, :three])
