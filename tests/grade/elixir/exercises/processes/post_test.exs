defmodule PostTest do
  use ExUnit.Case, async: true

  test "a mailbox process" do
    post = Post.start()
    assert is_pid(post)
    send(post, {:put, "a"})
    send(post, {:put, "b"})
    send(post, {:all, self()})
    assert_receive {:mail, ["a", "b"]}
    ref = Process.monitor(post)
    send(post, :stop)
    assert_receive {:DOWN, ^ref, :process, ^post, :normal}
    refute Process.alive?(post)
  end

  test "messages that are there already" do
    send(self(), {:hello, "you"})
    send(self(), :other)
    assert Post.wait() == "hello you"
    assert_received :other
  end

  test "messages that come in a call" do
    me = self()
    spawn(fn -> Process.sleep(20); send(me, {:hello, "late"}) end)
    assert Post.wait() == "hello late"
  end

  test "no message", do: assert(Post.wait() == :timeout)

  test "to itself" do
    Post.echo(self(), %{a: 1})
    assert_received {:echo, %{a: 1}}
    assert Post.me() == self()
  end

  test "a task" do
    assert Task.await(Post.task(fn -> 21 * 2 end)) == 42
  end

  test "many tasks with a function of the test" do
    assert Post.many(1..20, &(&1 * &1)) == Enum.map(1..20, &(&1 * &1))
  end

  test "an agent" do
    {:ok, agent} = Post.agent(1)
    assert Agent.get(agent, & &1) == 1
    Agent.update(agent, &(&1 + 1))
    assert Agent.get_and_update(agent, &{&1, &1 + 1}) == 2
    Agent.stop(agent)
    refute Process.alive?(agent)
  end

  test "references" do
    ref = Post.ref()
    assert is_reference(ref)
    assert ref != Post.ref()
    Post.echo(self(), ref)
    assert_received {:echo, ^ref}
  end

  test "an exit" do
    assert catch_exit(Post.leave(:bored)) == :bored
  end

  test "a linked process ends" do
    Process.flag(:trap_exit, true)
    pid = Post.start_link(fn -> exit(:bang) end)
    assert_receive {:EXIT, ^pid, :bang}
  end

  test "a linked process of a callback" do
    me = self()
    pid = Post.start_link(fn -> send(me, :started); Process.sleep(:infinity) end)
    assert_receive :started
    assert Process.alive?(pid)
    Process.unlink(pid)
    Process.exit(pid, :kill)
  end

  test "a timer" do
    Post.delayed(10)
    assert_receive :late, 500
  end
end
