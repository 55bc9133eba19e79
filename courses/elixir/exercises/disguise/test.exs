defmodule DisguiseTest do
  use ExUnit.Case, async: true

  alias Disguise.{Mirror, Shift, Shout}

  test "the mirror turns a text around, both ways" do
    assert Mirror.hide("meet me") == "em teem"
    assert Mirror.reveal("em teem") == "meet me"
  end

  test "the shout is loud and comes back small" do
    assert Shout.hide("at noon") == "AT NOON"
    assert Shout.reveal("AT NOON") == "at noon"
  end

  test "the shift takes the next letter, and a after z" do
    assert Shift.hide("abc xyz") == "bcd yza"
    assert Shift.reveal("bcd yza") == "abc xyz"
  end

  test "the shift leaves everything else alone" do
    assert Shift.hide("Room 7, ça va?") == "Rppn 7, çb wb?"
  end

  test "several disguises are put on from first to last" do
    assert Disguise.hide("zoo", [Shift, Mirror]) == "ppa"
    assert Disguise.hide("zoo", [Shift, Shout]) == "APP"
    assert Disguise.hide("zoo", [Shout, Shift]) == "ZOO"
  end

  test "they come off in the opposite order" do
    tools = [Shift, Mirror, Shout]
    assert Disguise.reveal(Disguise.hide("under the bridge", tools), tools) == "under the bridge"
    assert Disguise.reveal("APP", [Shift, Shout]) == "zoo"
  end

  test "no disguise at all" do
    assert Disguise.hide("plain", []) == "plain"
    assert Disguise.reveal("plain", []) == "plain"
  end
end
