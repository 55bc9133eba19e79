defmodule PaintTest do
  use ExUnit.Case, async: true

  test "a wall of 5 by 2 metres with two coats" do
    assert Paint.litres(5, 2, 2) == 2
  end

  test "two coats are the default" do
    assert Paint.litres(10, 3) == 6
  end

  test "a little more than three litres means four" do
    assert Paint.litres(31, 1, 1) == 4
  end

  test "even a tiny wall needs one whole litre" do
    assert Paint.litres(1, 1, 1) === 1
  end

  test "walls may measure half a metre" do
    assert Paint.litres(4.5, 2.5, 3) == 4
  end

  test "no coats, no paint" do
    assert Paint.litres(5, 2, 0) == 0
  end
end
