# attack: makes two million atoms; the VM holds one million and is ended by its own emergency brake
# expect: status=error
# expect: status=memory
# expect: status=killed
# expect: status=timeout
# limits: cpu_ms=20000 wall_ms=20000
# slow: yes
# host: never
for i <- 1..2_000_000, do: String.to_atom("attack#{i}")
IO.puts("BREACH: two million atoms were made")
