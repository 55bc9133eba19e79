defmodule PodiumHiddenTest do
  use ExUnit.Case, async: true

  test "a thousand runners" do
    results = Enum.map(1..1000, fn n -> {"Runner #{n}", rem(n * 37, 1001)} end)
    best = Podium.best(results)
    points = Enum.map(best, fn name -> elem(List.keyfind(results, name, 0), 1) end)
    assert points == [1000, 999, 998]
  end

  test "points may have a fraction" do
    assert Podium.best([{"Ida", 9.5}, {"Jon", 9.75}]) == ["Jon", "Ida"]
  end
end
