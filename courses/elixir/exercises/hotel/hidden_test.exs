defmodule HotelHiddenTest do
  use ExUnit.Case

  test "two hotels cannot be open at once, and a closed one can be opened again" do
    spec = %{id: :hotel, start: {Hotel, :start_link, []}, type: :supervisor}
    start_supervised!(spec)
    Hotel.check_in("Zoe")
    assert :ok = stop_supervised(:hotel)
    start_supervised!(spec)
    assert Hotel.guests() == []
  end
end
