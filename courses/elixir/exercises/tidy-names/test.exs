defmodule FormTest do
  use ExUnit.Case, async: true

  test "Ada in a hurry" do
    assert Form.tidy("  aDA   lOVELACE ") == "Ada Lovelace"
  end

  test "a name that is tidy stays as it is" do
    assert Form.tidy("Grace Hopper") == "Grace Hopper"
  end

  test "three parts and more" do
    assert Form.tidy("JOHN RONALD REUEL tolkien") == "John Ronald Reuel Tolkien"
  end

  test "tabs and line breaks are spaces too" do
    assert Form.tidy("joe\tarmstrong\n") == "Joe Armstrong"
  end

  test "letters with an accent" do
    assert Form.tidy("ÉMILE zola") == "Émile Zola"
  end

  test "nothing at all" do
    assert Form.tidy("") == ""
    assert Form.tidy("   ") == ""
  end
end
