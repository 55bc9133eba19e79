# test: {"files": [{"name": "lib/greeting.ex", "content": "defmodule Greeting do\n  def of(name), do: \"hello #{name}\"\nend\n"}]}
Code.require_file("lib/greeting.ex", __DIR__)
IO.puts(apply(Greeting, :of, ["Ada"]))
IO.inspect({__ENV__.file, __DIR__, __ENV__.line})
