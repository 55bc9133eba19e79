defmodule Disguise do
  @moduledoc "A contract for hiding messages, and two functions that work with every module that keeps it."

  @callback hide(String.t()) :: String.t()
  @callback reveal(String.t()) :: String.t()

  @doc "Sends the text through all modules, from first to last."
  def hide(text, modules) do
    Enum.reduce(modules, text, fn module, text -> module.hide(text) end)
  end

  @doc "Undoes `hide/2` with the same list of modules: the last disguise comes off first."
  def reveal(text, modules) do
    modules
    |> Enum.reverse()
    |> Enum.reduce(text, fn module, text -> module.reveal(text) end)
  end
end

defmodule Disguise.Mirror do
  @moduledoc "Writes the text backwards."
  @behaviour Disguise

  @impl true
  def hide(text), do: String.reverse(text)

  @impl true
  def reveal(text), do: String.reverse(text)
end

defmodule Disguise.Shout do
  @moduledoc "Writes the text in capital letters."
  @behaviour Disguise

  @impl true
  def hide(text), do: String.upcase(text)

  @impl true
  def reveal(text), do: String.downcase(text)
end

defmodule Disguise.Shift do
  @moduledoc "Replaces each small letter by its neighbour in the alphabet."
  @behaviour Disguise

  @impl true
  def hide(text), do: each_letter(text, &next/1)

  @impl true
  def reveal(text), do: each_letter(text, &previous/1)

  defp each_letter(text, fun) do
    for <<letter::utf8 <- text>>, into: "", do: <<fun.(letter)::utf8>>
  end

  defp next(?z), do: ?a
  defp next(letter) when letter in ?a..?y, do: letter + 1
  defp next(other), do: other

  defp previous(?a), do: ?z
  defp previous(letter) when letter in ?b..?z, do: letter - 1
  defp previous(other), do: other
end
