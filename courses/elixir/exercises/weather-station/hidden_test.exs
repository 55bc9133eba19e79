defmodule StationHiddenTest do
  use ExUnit.Case, async: true

  test "as many readings as a byte can count" do
    readings = for n <- 1..255, into: <<>>, do: <<n::16, n * -10::signed-16>>
    assert {:ok, list} = Station.decode(<<"WX", 255>> <> readings)
    assert length(list) == 255
    assert List.first(list) == {1, -1.0}
    assert List.last(list) == {255, -255.0}
  end

  test "a whole reading too many or too few" do
    assert Station.decode(<<"WX", 1, 1::16, 2::16, 3::16, 4::16>>) == :error
    assert Station.decode(<<"WX", 2, 1::16, 2::16>>) == :error
  end
end
