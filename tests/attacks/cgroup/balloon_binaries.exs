# attack: takes 10 GB in binaries
# expect: status=memory
# expect: status=error
# limits: memory_bytes=134217728
# slow: yes
# host: never
held = for i <- 1..10_240, do: :binary.copy(<<i::8>>, 1_048_576)
IO.puts("BREACH: #{length(held)} MiB were taken")
