defmodule Stopwatch do
  defstruct seconds: 0

  defimpl String.Chars do
    def to_string(stopwatch) do
      "#{stopwatch.seconds} s"
    end
  end
end
