defmodule MixtapeTest do
  use ExUnit.Case, async: true

  defp rainy do
    %Mixtape{title: "Rainy day", songs: [{"Drizzle", 200}, {"Puddles", 221}]}
  end

  test "Enum walks over the names" do
    assert Enum.to_list(rainy()) == ["Drizzle", "Puddles"]
    assert Enum.map(rainy(), &String.upcase/1) == ["DRIZZLE", "PUDDLES"]
  end

  test "it can be counted" do
    assert Enum.count(rainy()) == 2
    assert Enum.count(%Mixtape{}) == 0
  end

  test "one can ask whether a song is in it" do
    assert "Puddles" in rainy()
    refute "Sunshine" in rainy()
  end

  test "a walk may stop early" do
    assert Enum.take(rainy(), 1) == ["Drizzle"]
    assert Enum.find(rainy(), &String.starts_with?(&1, "P")) == "Puddles"
  end

  test "a comprehension works as well" do
    assert for(name <- rainy(), do: String.length(name)) == [7, 7]
  end

  test "it prints its title, its songs and its length" do
    assert to_string(rainy()) == "Rainy day (2 songs, 421 s)"
  end

  test "an empty tape" do
    assert Enum.to_list(%Mixtape{title: "Silence"}) == []
    assert to_string(%Mixtape{title: "Silence"}) == "Silence (0 songs, 0 s)"
  end

  test "one song is not songs" do
    assert to_string(%Mixtape{title: "Short", songs: [{"Hm", 9}]}) == "Short (1 song, 9 s)"
  end
end
