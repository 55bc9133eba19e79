defmodule Tally do
  @moduledoc "A process that counts votes."

  @doc "Starts a process without any votes."
  def start, do: spawn(fn -> loop(%{}) end)

  @doc "Counts one vote for a name, without waiting."
  def vote(pid, name) do
    send(pid, {:vote, name})
    :ok
  end

  @doc "The number of votes for a name."
  def count(pid, name), do: ask(pid, {:count, name})

  @doc "The names with the most votes, sorted."
  def winners(pid), do: ask(pid, :winners)

  defp ask(pid, question) do
    ref = make_ref()
    send(pid, {:ask, self(), ref, question})

    receive do
      {^ref, answer} -> answer
    end
  end

  defp loop(votes) do
    receive do
      {:vote, name} ->
        votes |> Map.update(name, 1, &(&1 + 1)) |> loop()

      {:ask, from, ref, question} ->
        send(from, {ref, answer(question, votes)})
        loop(votes)
    end
  end

  defp answer({:count, name}, votes), do: Map.get(votes, name, 0)
  defp answer(:winners, votes) when votes == %{}, do: []

  defp answer(:winners, votes) do
    most = votes |> Map.values() |> Enum.max()
    Enum.sort(for {name, ^most} <- votes, do: name)
  end
end
