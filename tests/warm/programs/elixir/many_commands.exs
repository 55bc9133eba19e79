# Twenty programs one after another, and eight at once.
IO.inspect(for n <- 1..20, do: elem(System.cmd("/bin/sh", ["-c", "exit #{n}"]), 1))
IO.inspect(1..8 |> Task.async_stream(fn n -> System.shell("echo #{n}") end) |> Enum.map(fn {:ok, {text, 0}} -> text end))
