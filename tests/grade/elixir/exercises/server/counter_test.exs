defmodule CounterTest do
  use ExUnit.Case

  setup context do
    {:ok, counter: start_supervised!({Counter, from: context[:from] || 5})}
  end

  test "counts", %{counter: counter} do
    assert Counter.next(counter) == 5
    assert Counter.next(counter) == 6
  end

  @tag from: 40
  test "adds before the next call", %{counter: counter} do
    Counter.add(counter, 2)
    assert Counter.next(counter) == 42
  end

  test "hears messages of the test", %{counter: counter} do
    send(counter, {:tell, self()})
    assert_receive {:count, ^counter, 5}
    Counter.tell(counter, self())
    assert_receive {:count, ^counter, 5}
  end

  test "is called by name" do
    {:ok, pid} = Counter.start_link(name: :my_counter, from: 1)
    assert GenServer.call(pid, :next) == 1
    assert GenServer.call(:my_counter, :next) == 2
    assert Process.whereis(:my_counter) == pid
    assert GenServer.stop(pid) == :ok
    refute Process.alive?(pid)
  end

  test "is monitored", %{counter: _} do
    {:ok, pid} = Counter.start_link(from: 1)
    Process.flag(:trap_exit, true)
    ref = Process.monitor(pid)
    ExUnit.CaptureLog.capture_log(fn ->
      Counter.crash(pid)
      assert_receive {:DOWN, ^ref, :process, ^pid, {%RuntimeError{message: "crashed"}, _}}
    end)
    assert_receive {:EXIT, ^pid, {%RuntimeError{message: "crashed"}, _}}
  end

  test "is restarted by a supervisor", %{counter: counter} do
    ref = Process.monitor(counter)
    Process.exit(counter, :kill)
    assert_receive {:DOWN, ^ref, :process, ^counter, :killed}
  end

  test "runs under a supervisor of the test" do
    {:ok, sup} = Supervisor.start_link([{Counter, [from: 3]}], strategy: :one_for_one)
    [{Counter, pid, :worker, [Counter]}] = Supervisor.which_children(sup)
    assert Counter.next(pid) == 3
    Process.exit(pid, :kill)
    Process.sleep(50)
    [{Counter, again, _, _}] = Supervisor.which_children(sup)
    assert again != pid
    assert Counter.next(again) == 3
    Supervisor.stop(sup)
    refute Process.alive?(again)
  end
end
