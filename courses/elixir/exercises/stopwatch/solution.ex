defmodule Stopwatch do
  @moduledoc "A span of time that knows how to print itself."

  defstruct seconds: 0

  defimpl String.Chars do
    def to_string(%Stopwatch{seconds: total}) do
      hours = div(total, 3600)
      minutes = total |> rem(3600) |> div(60)
      seconds = rem(total, 60)

      if hours == 0 do
        "#{minutes}:#{two_digits(seconds)}"
      else
        "#{hours}:#{two_digits(minutes)}:#{two_digits(seconds)}"
      end
    end

    defp two_digits(number) do
      number |> Integer.to_string() |> String.pad_leading(2, "0")
    end
  end
end
