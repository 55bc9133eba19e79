defmodule StationTest do
  use ExUnit.Case, async: true

  test "one reading" do
    assert Station.decode(<<"WX", 1, 0, 7, 0, 215>>) == {:ok, [{7, 21.5}]}
  end

  test "several readings in the order of the message" do
    message = <<"WX", 3, 1::16, 100::16, 300::16, 0::16, 65_535::16, 5::16>>
    assert Station.decode(message) == {:ok, [{1, 10.0}, {300, 0.0}, {65_535, 0.5}]}
  end

  test "frost" do
    assert Station.decode(<<"WX", 1, 12::16, -127::signed-16>>) == {:ok, [{12, -12.7}]}
  end

  test "no readings" do
    assert Station.decode(<<"WX", 0>>) == {:ok, []}
  end

  test "another kind of message" do
    assert Station.decode(<<"WY", 1, 0, 7, 0, 215>>) == :error
    assert Station.decode("hello") == :error
    assert Station.decode("") == :error
  end

  test "a message that was cut off" do
    assert Station.decode(<<"WX", 1, 0, 7, 0>>) == :error
    assert Station.decode(<<"WX">>) == :error
  end

  test "a message with something behind it" do
    assert Station.decode(<<"WX", 1, 0, 7, 0, 215, 99>>) == :error
  end
end
