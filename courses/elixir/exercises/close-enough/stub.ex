defmodule CloseEnough do
  import ExUnit.Assertions

  def assert_close(actual, expected, _tolerance) do
    # Too strict, and with the wrong message.
    assert actual == expected
    actual
  end

  def assert_sorted(list) do
    assert list == []
    list
  end
end
