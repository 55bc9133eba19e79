defmodule ArticleHiddenTest do
  use ExUnit.Case, async: true

  test "an underscore is neither a letter nor a digit" do
    assert Article.slug("snake_case is _fine_") == "snake-case-is-fine"
  end

  test "a slug is its own slug" do
    slug = Article.slug("One, two; THREE")
    assert Article.slug(slug) == slug
  end
end
