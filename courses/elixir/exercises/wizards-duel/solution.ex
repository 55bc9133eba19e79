defmodule Duel do
  @moduledoc "Duels of wizards. A wizard is `{name, spell}`."

  @spells [:fire, :wind, :water]

  @doc "The name of the wizard who wins, or `:draw`."
  def winner({name, spell}, {other_name, other}) do
    decide(beats?(spell, other), beats?(other, spell), name, other_name)
  end

  defp decide(true, _, name, _), do: name
  defp decide(_, true, _, other_name), do: other_name
  defp decide(false, false, _, _), do: :draw

  defp beats?(:fire, :wind), do: true
  defp beats?(:wind, :water), do: true
  defp beats?(:water, :fire), do: true
  defp beats?(spell, other) when spell in @spells and other not in @spells, do: true
  defp beats?(_, _), do: false
end
