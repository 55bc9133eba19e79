# With a seed all is the same; without one nothing is.
:rand.seed(:exsss, {1, 2, 3})
IO.inspect(for _ <- 1..5, do: :rand.uniform(1000))
IO.inspect(Enum.shuffle(1..10))
IO.inspect(Enum.take_random(1..100, 3))
IO.inspect(Float.round(:rand.normal(), 6))
state = :rand.seed_s(:exrop, 42)
{number, _} = :rand.uniform_s(1_000_000, state)
IO.inspect(number)
fresh = fn -> Task.async(fn -> :rand.uniform(1_000_000_000_000) end) |> Task.await() end
IO.inspect(fresh.() != fresh.())
IO.inspect(make_ref() != make_ref())
IO.inspect(:erlang.unique_integer([:positive]) < :erlang.unique_integer([:positive, :monotonic]) or true)
