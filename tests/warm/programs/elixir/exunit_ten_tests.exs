ExUnit.start(seed: 0)

defmodule Roman do
  @digits [{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"},
           {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}]
  def of(0), do: ""
  def of(n) do
    {value, text} = Enum.find(@digits, fn {value, _} -> value <= n end)
    text <> of(n - value)
  end
end

defmodule RomanTest do
  use ExUnit.Case
  for {n, text} <- [{1, "I"}, {4, "IV"}, {9, "IX"}, {14, "XIV"}, {40, "XL"}, {90, "XC"}, {400, "CD"},
                    {1066, "MLXVI"}, {1999, "MCMXCIX"}, {2024, "MMXXIV"}] do
    test "#{n} is #{text}", do: assert(Roman.of(unquote(n)) == unquote(text))
  end
end
