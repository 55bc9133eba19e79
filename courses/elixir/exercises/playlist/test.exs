defmodule PlaylistTest do
  use ExUnit.Case, async: true

  defp songs do
    [{"Blue Monday", 449}, {"Hey Ya!", 235}, {"Zombie", 307}, {"Help!", 138}]
  end

  test "the whole list takes 1129 seconds" do
    assert Playlist.total(songs()) == 1129
  end

  test "short songs keep their order, and only titles are returned" do
    assert Playlist.short_titles(songs(), 300) == ["Hey Ya!", "Help!"]
  end

  test "a song that takes exactly as long as the limit is not short" do
    assert Playlist.short_titles(songs(), 235) == ["Help!"]
  end

  test "the longest song" do
    assert Playlist.longest(songs()) == "Blue Monday"
  end

  test "the longest one is not the last one in the alphabet" do
    assert Playlist.longest([{"Zzz", 1}, {"Aaa", 2}]) == "Aaa"
  end

  test "silence" do
    assert Playlist.total([]) == 0
    assert Playlist.short_titles([], 100) == []
    assert Playlist.longest([]) == nil
  end
end
