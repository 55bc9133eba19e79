# Prints NAME=VALUE for each thing that no two runs may have in common, repeat.NAME=VALUE for what may repeat,
# generation.NAME=VALUE for what may repeat in clones of one template.
defmodule Say do
  def say(name, value), do: IO.puts("#{name}=#{if is_binary(value), do: value, else: inspect(value)}")
  def bytes(n), do: Base.encode16(:crypto.strong_rand_bytes(n))
  def apart(f), do: Task.await(Task.async(f), :infinity)
  def public({key, _}), do: if(is_list(key), do: inspect(key), else: Base.encode16(key))

  def all do
    big = 0x10000000000000000
    say("strong", bytes(16))
    say("strong_apart", apart(fn -> bytes(16) end))
    say("strong_many", 1..50 |> Task.async_stream(fn _ -> bytes(16) end) |> Enum.map_join(",", &elem(&1, 1)))
    say("rand", :rand.uniform(big))
    say("rand_float", {:rand.uniform(), :rand.uniform()})
    say("rand_apart", apart(fn -> :rand.uniform(big) end))
    say("rand_seeded", :rand.uniform_s(big, :rand.seed_s(:exsss)) |> elem(0))
    say("rand_bytes", Base.encode16(:rand.bytes(16)))
    say("enum_random", Enum.random(1..big))
    say("enum_random_apart", apart(fn -> Enum.random(1..big) end))
    say("shuffle", Enum.shuffle(1..40))
    say("take_random", Enum.take_random(1..1_000_000, 8))
    :crypto.rand_seed()
    say("crypto_rand", :rand.uniform(big))
    say("crypto_rand_cache", apart(fn -> :crypto.rand_seed_alg_s(:crypto_cache) |> then(&:rand.uniform_s(big, &1)) |> elem(0) end))
    say("rand_uniform", :crypto.rand_uniform(1, big))
    say("key_x25519", public(:crypto.generate_key(:ecdh, :x25519)))
    say("key_ed25519", public(:crypto.generate_key(:eddsa, :ed25519)))
    say("key_p256", public(:crypto.generate_key(:ecdh, :secp256r1)))
    say("key_rsa", public(:crypto.generate_key(:rsa, {1024, 65537})))
    {_, private} = :crypto.generate_key(:ecdh, :secp256r1, <<7::256>>)
    signature = :crypto.sign(:ecdsa, :sha256, "same", [private, :secp256r1])
    say("signature_nonce", Base.encode16(signature))
    say("generation.make_ref", make_ref())
    say("repeat.unique_integer", System.unique_integer())
    say("generation.ets", :ets.new(:t, []))
    say("repeat.self", self())
    say("repeat.spawned", spawn(fn -> :ok end))
    say("repeat.os_pid", System.pid())
    say("repeat.hash", :erlang.phash2("phial"))
    say("repeat.monotonic_time", System.monotonic_time())
  end
end

Say.all()
