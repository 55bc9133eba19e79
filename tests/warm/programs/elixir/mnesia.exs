:ok = :mnesia.start()
{:atomic, :ok} = :mnesia.create_table(:person, attributes: [:id, :name])
{:atomic, :ok} = :mnesia.transaction(fn ->
  for {id, name} <- [{1, "Ada"}, {2, "Joe"}], do: :mnesia.write({:person, id, name})
  :ok
end)
IO.inspect(:mnesia.transaction(fn -> :mnesia.read(:person, 1) end))
IO.inspect(:mnesia.transaction(fn -> :mnesia.abort(:no) end))
IO.inspect(:mnesia.dirty_all_keys(:person) |> Enum.sort())
