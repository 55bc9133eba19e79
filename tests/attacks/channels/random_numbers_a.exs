# attack: runs twice: random numbers, references and hashes of the two VMs may not repeat
# expect: status=ok stdout=contained
# pair: random_numbers
# order: together
# differ: rand
# differ: strong
# differ: cookie
# host: never
IO.puts("rand=#{:rand.uniform(1_000_000_000_000)}")
IO.puts("strong=#{Base.encode16(:crypto.strong_rand_bytes(16))}")
IO.puts("cookie=#{inspect(:erlang.system_info(:creation))}#{:erlang.unique_integer()}#{:os.system_time()}")
IO.puts("contained")
