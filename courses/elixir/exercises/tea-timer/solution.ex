defmodule TeaTimer do
  @moduledoc "Turns the seconds of a kitchen timer into something that people can read."

  @doc "Whole minutes and the seconds that remain."
  def split(seconds) do
    {div(seconds, 60), rem(seconds, 60)}
  end
end
