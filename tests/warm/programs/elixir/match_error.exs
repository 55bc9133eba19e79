# test: {"status": "error"}
{:ok, value} = {:error, %{"reason" => [1, 2, 3]}}
IO.inspect(value)
