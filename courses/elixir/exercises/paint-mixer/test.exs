defmodule PaintMixerTest do
  use ExUnit.Case, async: true

  test "orange" do
    assert PaintMixer.parse("#ff8800") == {:ok, {255, 136, 0}}
  end

  test "black and white" do
    assert PaintMixer.parse("#000000") == {:ok, {0, 0, 0}}
    assert PaintMixer.parse("#ffffff") == {:ok, {255, 255, 255}}
  end

  test "the short form" do
    assert PaintMixer.parse("#f80") == {:ok, {255, 136, 0}}
  end

  test "large letters" do
    assert PaintMixer.parse("#C0FfEe") == {:ok, {192, 255, 238}}
    assert PaintMixer.parse("#ABC") == {:ok, {170, 187, 204}}
  end

  test "without the sign it is no colour" do
    assert PaintMixer.parse("ff8800") == :error
  end

  test "too short or too long" do
    assert PaintMixer.parse("#ff88") == :error
    assert PaintMixer.parse("#ff880000") == :error
    assert PaintMixer.parse("") == :error
  end

  test "letters that are no digits" do
    assert PaintMixer.parse("#gg8800") == :error
    assert PaintMixer.parse("#xyz") == :error
  end
end
