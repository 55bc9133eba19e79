defmodule GreetingTest do
  use ExUnit.Case

  test "greets by name" do
    assert Greeting.hello("Ada") == "Hello, Ada!"
  end
end
