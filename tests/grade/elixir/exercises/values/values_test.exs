defmodule ValuesTest do
  use ExUnit.Case
  import Bitwise

  for {value, at} <- Enum.with_index([
        0, -1, 255, 256, 1.5, -0.0, 1 <<< 70, -(1 <<< 70), "", "text ż", <<255, 0>>, <<5::3>>, :atom, nil, true, :"odd atom",
        [], [1], [1 | 2], [1, 70_000_000_000], ~c"chars", {}, {1, {2}}, %{}, %{1 => %{"a" => nil}}, [a: 1], Enum.to_list(1..300)
      ] |> then(fn list -> list end)) do
    @value Macro.escape(value)
    test "value #{at} crosses", do: assert(Values.id(unquote(@value)) === unquote(@value))
  end

  test "wrapped", do: assert(Values.wrap("x") == ["x", {"x"}, %{"x" => "x"}])

  test "regular expressions" do
    assert Regex.run(Values.regex(), "12-AB") == ["12-AB", "12", "AB"]
    assert Values.match(~r/a(.)/, "ab") == ["ab", "b"]
    assert Values.regex().source == "(\\d+)-(\\w+)"
  end

  test "dates", do: assert(Values.dates() == [~D[2024-02-29], ~T[12:00:00.5], ~N[2024-01-01 00:00:00], ~U[2024-01-01 00:00:00Z]])
  test "sets", do: assert(Values.sets() == MapSet.new([2, 1]))
  test "ranges", do: assert(Enum.to_list(Values.range()) == [1, 4, 7, 10])
  test "captures", do: assert(Values.capture().("a") == "A")
  test "deep", do: assert(Values.deep(500) |> inspect(limit: :infinity) |> String.length() == 1002)
  test "pids and functions come home" do
    fun = fn -> :mine end
    assert Values.id({self(), fun, [make_ref()]}) |> elem(0) == self()
    assert Values.id(fun) == fun
    ref = make_ref()
    assert Values.id(%{ref => 1}) == %{ref => 1}
  end
end
