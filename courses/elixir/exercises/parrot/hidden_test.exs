defmodule ParrotHiddenTest do
  use ExUnit.Case, async: true

  test "strange messages are not counted" do
    parrot = Parrot.start()
    send(parrot, :noise)
    send(parrot, {self(), "a"})
    send(parrot, {self(), :how_many})
    assert_receive {:parrot, 1}, 1000
  end

  test "strange messages before the last one do not keep it from flying away" do
    parrot = Parrot.start()
    ref = Process.monitor(parrot)
    for number <- 1..20, do: send(parrot, number)
    send(parrot, :fly_away)
    assert_receive {:DOWN, ^ref, :process, _pid, :normal}, 1000
  end
end
