# attack: takes 10 GB on the heap of one process of the Elixir VM
# expect: status=memory
# expect: status=error
# limits: memory_bytes=134217728
# slow: yes
# host: never
list = Enum.reduce(1..600_000_000, [], fn i, all -> [i | all] end)
IO.puts("BREACH: #{length(list)} elements were held")
