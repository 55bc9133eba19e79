defmodule TallyHiddenTest do
  use ExUnit.Case, async: true

  test "a stray message in the mailbox is not taken for the answer" do
    tally = Tally.start()
    Tally.vote(tally, "Ada")
    send(self(), {make_ref(), 99})
    send(self(), {:count, 99})
    assert Tally.count(tally, "Ada") == 1
    assert Tally.winners(tally) == ["Ada"]
  end
end
