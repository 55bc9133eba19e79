IO.inspect(IO.gets("anything? "))
IO.inspect(IO.read(:eof))
IO.inspect(Enum.to_list(IO.stream()))
