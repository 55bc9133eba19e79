defmodule ArticleTest do
  use ExUnit.Case, async: true

  test "a title with all sorts of signs" do
    assert Article.slug("Tea & Biscuits: a love story!") == "tea-biscuits-a-love-story"
  end

  test "one word" do
    assert Article.slug("Elixir") == "elixir"
  end

  test "digits stay" do
    assert Article.slug("10 Ways to Brew (2nd edition)") == "10-ways-to-brew-2nd-edition"
  end

  test "nothing at the beginning or the end" do
    assert Article.slug("  ...and then?! ") == "and-then"
  end

  test "dashes that are there already are not doubled" do
    assert Article.slug("rock -- paper - scissors") == "rock-paper-scissors"
  end

  test "letters of all languages" do
    assert Article.slug("Über Grüße") == "über-grüße"
    assert Article.slug("Чай и печенье") == "чай-и-печенье"
  end

  test "a title without any letter" do
    assert Article.slug("?!") == ""
    assert Article.slug("") == ""
  end
end
