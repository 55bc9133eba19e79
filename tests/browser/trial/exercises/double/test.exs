defmodule DoubleTest do
  use ExUnit.Case

  test "nothing stays nothing" do
    assert Double.double(0) == 0
  end

  test "three becomes six" do
    assert Double.double(3) == 6
  end
end
