defmodule AssemblyLineTest do
  use ExUnit.Case, async: true

  @stations [:cut, :weld, :paint]

  setup do
    line =
      start_supervised!(%{id: :line, start: {AssemblyLine, :start_link, []}, type: :supervisor})

    %{factory: line}
  end

  defp pids(line), do: for(name <- @stations, do: AssemblyLine.station(line, name))

  # Lets a station fall and waits until all three are there again.
  defp fall(line, name) do
    old = AssemblyLine.station(line, name)
    Process.exit(old, :kill)
    wait_for_new(line, name, old, 200)
  end

  defp wait_for_new(line, name, old, tries) do
    back? =
      Enum.all?(pids(line), &is_pid/1) and AssemblyLine.station(line, name) != old

    cond do
      back? ->
        :ok

      tries > 0 ->
        Process.sleep(5)
        wait_for_new(line, name, old, tries - 1)
    end
  end

  test "there are three stations, each a process of its own", %{factory: line} do
    assert line |> pids() |> Enum.uniq() |> length() == 3
    refute line in pids(line)
  end

  test "a part goes through all of them", %{factory: line} do
    assert AssemblyLine.send_through(line, :door) == :ok
    assert AssemblyLine.send_through(line, :roof) == :ok
    for name <- @stations, do: assert(AssemblyLine.log(line, name) == [:roof, :door])
  end

  test "at first nothing has been handled", %{factory: line} do
    assert AssemblyLine.log(line, :weld) == []
  end

  test "when the middle one falls, the last begins anew with it", %{factory: line} do
    AssemblyLine.send_through(line, :door)
    [cut, weld, paint] = pids(line)
    fall(line, :weld)

    assert [^cut, new_weld, new_paint] = pids(line)
    assert new_weld != weld
    assert new_paint != paint
    assert AssemblyLine.log(line, :cut) == [:door]
    assert AssemblyLine.log(line, :weld) == []
    assert AssemblyLine.log(line, :paint) == []
  end

  test "when the last one falls, the others go on", %{factory: line} do
    AssemblyLine.send_through(line, :door)
    [cut, weld, _paint] = pids(line)
    fall(line, :paint)

    assert [^cut, ^weld, _new] = pids(line)
    assert AssemblyLine.log(line, :weld) == [:door]
  end

  test "when the first one falls, all begin anew, and the work goes on", %{factory: line} do
    AssemblyLine.send_through(line, :door)
    fall(line, :cut)
    AssemblyLine.send_through(line, :roof)
    for name <- @stations, do: assert(AssemblyLine.log(line, name) == [:roof])
  end
end
