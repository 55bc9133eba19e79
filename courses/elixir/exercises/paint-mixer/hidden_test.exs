defmodule PaintMixerHiddenTest do
  use ExUnit.Case, async: true

  test "signs and spaces are not digits" do
    assert PaintMixer.parse("#+f0000") == :error
    assert PaintMixer.parse("#-10-10") == :error
    assert PaintMixer.parse("# 12 34") == :error
  end

  test "nothing may follow, not even a line break" do
    assert PaintMixer.parse("#ff8800\n") == :error
    assert PaintMixer.parse("#ff880\n") == :error
  end

  test "letters of more than one byte" do
    assert PaintMixer.parse("#éé8") == :error
    assert PaintMixer.parse("#äöü") == :error
  end
end
