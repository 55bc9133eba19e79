IO.puts(:json.encode(%{"a" => [1, 2.5, nil, true, "ü"]}))
IO.inspect(:json.decode(~s({"x": {"y": [1, -2e3, "\\u00fc"]}, "z": null})))
IO.puts(JSON.encode!(%{"list" => [1, "two", %{"three" => 3.0}]}))
IO.inspect(JSON.decode!("[1, {\"a\": null}]"))
IO.inspect(JSON.decode("{oops"))
defmodule Person do
  @derive {JSON.Encoder, only: [:name]}
  defstruct [:name, :secret]
end
IO.puts(JSON.encode!(struct(Person, name: "Ada", secret: 1)))
