defmodule CloseEnough do
  @moduledoc "Assertions for numbers that come from measuring, and for lists in order."

  import ExUnit.Assertions

  @doc "Fails unless `actual` is within `tolerance` of `expected`. Returns `actual`."
  def assert_close(actual, expected, tolerance) do
    assert abs(actual - expected) <= tolerance,
           "#{actual} is not within #{tolerance} of #{expected}"

    actual
  end

  @doc "Fails at the first two neighbours that are in the wrong order. Returns the list."
  def assert_sorted(list) do
    for {left, right} <- Enum.zip(list, Enum.drop(list, 1)) do
      assert left <= right, "#{left} stands before #{right}"
    end

    list
  end
end
