# attack: spawns processes of the Elixir VM without end
# expect: status=memory
# expect: status=error
# expect: status=timeout
# limits: memory_bytes=134217728 cpu_ms=10000
# slow: yes
# host: never
Enum.each(1..100_000_000, fn _ -> spawn(fn -> Process.sleep(:infinity) end) end)
IO.puts("BREACH: a hundred million processes were made")
