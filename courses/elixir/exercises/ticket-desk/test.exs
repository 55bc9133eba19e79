defmodule TicketDeskTest do
  use ExUnit.Case, async: true

  setup do
    {:ok, desk} = TicketDesk.start_link()
    %{desk: desk}
  end

  test "tickets are numbered from 1", %{desk: desk} do
    assert for(_ <- 1..3, do: TicketDesk.take(desk)) == [1, 2, 3]
  end

  test "nobody is waiting at first", %{desk: desk} do
    assert TicketDesk.call_next(desk) == :nobody
    assert TicketDesk.waiting(desk) == 0
  end

  test "whoever came first is called first", %{desk: desk} do
    for _ <- 1..2, do: TicketDesk.take(desk)
    assert TicketDesk.call_next(desk) == {:ok, 1}
    assert TicketDesk.call_next(desk) == {:ok, 2}
    assert TicketDesk.call_next(desk) == :nobody
  end

  test "it knows how many are waiting", %{desk: desk} do
    for _ <- 1..3, do: TicketDesk.take(desk)
    TicketDesk.call_next(desk)
    assert TicketDesk.waiting(desk) == 2
  end

  test "numbers are never used twice", %{desk: desk} do
    TicketDesk.take(desk)
    TicketDesk.call_next(desk)
    assert TicketDesk.take(desk) == 2
  end

  test "those who give up are passed over", %{desk: desk} do
    for _ <- 1..3, do: TicketDesk.take(desk)
    assert TicketDesk.give_up(desk, 1) == :ok
    assert TicketDesk.give_up(desk, 2) == :ok
    assert TicketDesk.waiting(desk) == 1
    assert TicketDesk.call_next(desk) == {:ok, 3}
  end

  test "giving up a number that nobody has changes nothing", %{desk: desk} do
    TicketDesk.take(desk)
    assert TicketDesk.give_up(desk, 77) == :ok
    assert TicketDesk.call_next(desk) == {:ok, 1}
  end
end
