defmodule Disguise do
  @callback hide(String.t()) :: String.t()
  @callback reveal(String.t()) :: String.t()

  def hide(text, _modules) do
    text
  end

  def reveal(text, _modules) do
    text
  end
end

defmodule Disguise.Mirror do
  @behaviour Disguise

  @impl true
  def hide(text), do: text

  @impl true
  def reveal(text), do: text
end
