# test: {"stdin": "3\n1 2\nżółw\nlast"}
count = IO.gets("how many? ") |> String.trim() |> String.to_integer()
IO.inspect(count)
IO.inspect(IO.gets("") |> String.split())
IO.inspect(IO.read(2))
IO.inspect(IO.stream() |> Enum.to_list())
IO.inspect(IO.gets(""))
IO.inspect(IO.read(:eof))
