defmodule Station do
  @moduledoc "Reads the messages of a weather station."

  @bytes_per_reading 4

  @doc "The readings of a message as a list of `{station, degrees}`."
  def decode(<<"WX", count, rest::binary>>) when byte_size(rest) == count * @bytes_per_reading do
    {:ok, readings(rest)}
  end

  def decode(_message), do: :error

  defp readings(<<>>), do: []

  defp readings(<<station::16, tenths::signed-16, rest::binary>>) do
    [{station, tenths / 10} | readings(rest)]
  end
end
