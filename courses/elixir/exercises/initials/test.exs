defmodule InitialsTest do
  use ExUnit.Case, async: true

  test "three names" do
    assert Initials.of("ada king lovelace") == "A.K.L."
  end

  test "capitals stay capitals" do
    assert Initials.of("Grace Hopper") == "G.H."
  end

  test "a single name" do
    assert Initials.of("sting") == "S."
  end

  test "too many spaces" do
    assert Initials.of("  joe    armstrong ") == "J.A."
  end

  test "letters with an accent" do
    assert Initials.of("émile zola") == "É.Z."
  end

  test "another alphabet" do
    assert Initials.of("лев толстой") == "Л.Т."
  end

  test "no name" do
    assert Initials.of("") == ""
    assert Initials.of("   ") == ""
  end
end
