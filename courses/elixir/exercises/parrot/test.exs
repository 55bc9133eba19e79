defmodule ParrotTest do
  use ExUnit.Case, async: true

  test "it repeats a text" do
    parrot = Parrot.start()
    send(parrot, {self(), "pieces of eight"})
    assert_receive {:parrot, "pieces of eight"}, 1000
  end

  test "it repeats more than once, in order" do
    parrot = Parrot.start()
    send(parrot, {self(), "one"})
    send(parrot, {self(), "two"})
    assert_receive {:parrot, first}, 1000
    assert_receive {:parrot, second}, 1000
    assert {first, second} == {"one", "two"}
  end

  test "it counts what it has repeated" do
    parrot = Parrot.start()
    send(parrot, {self(), :how_many})
    assert_receive {:parrot, 0}, 1000

    send(parrot, {self(), "hello"})
    send(parrot, {self(), "hello again"})
    send(parrot, {self(), :how_many})
    assert_receive {:parrot, 2}, 1000
  end

  test "two parrots count apart" do
    noisy = Parrot.start()
    quiet = Parrot.start()
    send(noisy, {self(), "hey"})
    assert_receive {:parrot, "hey"}, 1000
    send(quiet, {self(), :how_many})
    assert_receive {:parrot, 0}, 1000
  end

  test "it flies away" do
    parrot = Parrot.start()
    ref = Process.monitor(parrot)
    send(parrot, :fly_away)
    assert_receive {:DOWN, ^ref, :process, _pid, :normal}, 1000
  end

  test "a message it does not understand is ignored" do
    parrot = Parrot.start()
    send(parrot, :polly)
    send(parrot, {:what, :is, :this})
    send(parrot, {self(), "still here"})
    assert_receive {:parrot, "still here"}, 1000
  end
end
