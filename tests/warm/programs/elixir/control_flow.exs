classify = fn
  n when n < 0 -> :negative
  0 -> :zero
  _ -> :positive
end
IO.inspect(Enum.map([-1, 0, 1], classify))
IO.inspect(cond do
  1 > 2 -> :no
  true -> :yes
end)
IO.inspect(case {1, [2, 3]} do
  {_, [h | _]} when h > 1 -> h
end)
result = with {a, ""} <- Integer.parse("4"), true <- a > 3 do
  a * 2
end
IO.inspect(result)
fib = fn
  _, 0 -> 0
  _, 1 -> 1
  f, n -> f.(f, n - 1) + f.(f, n - 2)
end
IO.inspect(fib.(fib, 20))
IO.inspect(try do case 5 do 6 -> :x end rescue e in CaseClauseError -> e end)
IO.inspect(try do cond do false -> 1 end rescue e in CondClauseError -> e end)
