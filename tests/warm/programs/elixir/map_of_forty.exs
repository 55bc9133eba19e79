# A map of more than 32 keys is a tree of hashes: its order is the runtime's own.
IO.inspect(Map.new(1..40, &{&1, &1}), limit: :infinity)
IO.inspect(Map.new(1..40, &{"key #{&1}", &1}), limit: :infinity)
IO.inspect(MapSet.new(1..50), limit: :infinity)
IO.inspect(:erlang.phash2({:a, "b", [1.5]}))
IO.inspect(Enum.take(Map.new(?a..?z, &{{&1, <<&1>>}, nil}), 5))
