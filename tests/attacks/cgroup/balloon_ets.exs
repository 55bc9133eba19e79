# attack: takes 10 GB in ETS tables
# expect: status=memory
# expect: status=error
# limits: memory_bytes=134217728
# slow: yes
# host: never
table = :ets.new(:balloon, [:set, :public])
for i <- 1..100_000_000, do: :ets.insert(table, {i, i, i, i, i, i, i, i})
IO.puts("BREACH: #{:ets.info(table, :memory) * 8} bytes were taken")
