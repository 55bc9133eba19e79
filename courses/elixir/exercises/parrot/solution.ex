defmodule Parrot do
  @moduledoc "A process that repeats what it hears, and counts."

  @doc "Starts a parrot and returns its pid."
  def start, do: spawn(fn -> loop(0) end)

  defp loop(count) do
    receive do
      {from, :how_many} ->
        send(from, {:parrot, count})
        loop(count)

      {from, text} when is_binary(text) ->
        send(from, {:parrot, text})
        loop(count + 1)

      :fly_away ->
        :ok

      # Taken out of the mailbox, or it would grow for ever.
      _other ->
        loop(count)
    end
  end
end
