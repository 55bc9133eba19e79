# test: {"interactive": ["Ada\n", "1 2 3\n", "stop\n"]}
name = IO.gets("name? ") |> String.trim()
IO.puts("hello #{name}")
numbers = IO.gets("numbers? ") |> String.split() |> Enum.map(&String.to_integer/1)
IO.puts("sum #{Enum.sum(numbers)}")
IO.inspect(IO.gets("more? "))
IO.inspect(IO.gets("the end? "))
