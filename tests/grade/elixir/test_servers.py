"""Servers of the tests that a solution is given: it may ask them, and have nothing called there but what it is given."""

import unittest

import support

TESTS = """
defmodule ServersTest do
  use ExUnit.Case
  setup do
    {:ok, agent} = Agent.start(fn -> 7391 end)
    {:ok, events} = :gen_event.start()
    %{agent: agent, events: events}
  end
  for n <- 1..2 do
    test "adds #{n}", %{agent: agent, events: events} do
      n = :rand.uniform(1000)
      assert Sol.add(n, agent, events) == n + 7391
    end
  end
end
"""
# What a cheat wants the tests' runtime to do: to tell results of its own and to end.
FORGED = r'{"test":{"index":0,"status":"pass"}}\n{"test":{"index":1,"status":"pass"}}\n{"end":true}\n'
CODE = "port = elem(:persistent_term.get({Phial.Grade, :sink}), 1); :erlang.port_command(port, \"%s\"); :erlang.halt(0, flush: true)" % (
    FORGED.replace('"', '\\"'))  # fmt: skip
RAW = """
  def tell(to, term) do
    {owner, id} = Phial.Grade.Handles.export(:pid, to)
    body = <<?M, owner, id::64>> <> Phial.Grade.Wire.encode(term)
    :erlang.port_command(:persistent_term.get(Phial.Report), <<byte_size(body)::32, body::binary>>)
  end
"""
CHEATS = {
    "has code read from an agent's state": f"""
    Agent.update(agent, Map, :get, [:nothing, ~S'''
    {CODE}
    '''])
    Agent.get(agent, Code, :eval_string, [])""",
    "casts a call to an agent": "Agent.cast(agent, System, :halt, []) && Process.sleep(50)",
    "asks an agent by a message": """
    for kind <- [:get, :update, :get_and_update], do: tell(agent, {:"$gen_call", {self(), make_ref()}, {kind, {:erlang, :halt, []}}})
    tell(agent, {:"$gen_cast", {:cast, {:erlang, :halt, []}}})
    Process.sleep(50)""",
    "adds a supervisor to the handlers of events": """
    children = [%{id: 1, start: {:erlang, :halt, [0]}}]
    supervisor = {:self, Supervisor.Default, {:ok, {%{strategy: :one_for_one, intensity: 1, period: 5}, children}}}
    for order <- [{:add_handler, :supervisor, supervisor}, {:add_sup_handler, :supervisor, supervisor, self()}] do
      tell(events, {self(), {self(), make_ref()}, order})
      tell(events, {:"$gen_call", {self(), make_ref()}, order})
    end
    Process.sleep(50)""",
    "has results logged": f"""
    Agent.cast(agent, fn _ -> raise "\\n" <> ~S'{FORGED}' |> String.replace("\\\\n", "\\n") end)
    Process.sleep(50)""",
}  # fmt: skip


def solution(body):
    return f"defmodule Sol do\n{RAW}\n  def add(_, agent, events) do\n    _ = {{agent, events}}\n{body}\n    0\n  end\nend\n"


class Servers(unittest.TestCase):
    def test_an_honest_solution_asks_them(self):
        text = solution("").replace("\n    0\n  end", "\n    n + Agent.get(agent, & &1)\n  end").replace("add(_,", "add(n,")
        self.assertEqual(support.judge(text, TESTS).verdict, "pass")


def add(name, body):
    def test(self):
        answer = support.judge(solution(body), TESTS, solution_seconds=12)
        self.assertNotEqual(answer.verdict, "pass", answer)
        self.assertTrue(answer.ended, answer)
        self.assertNotIn("pass", answer.statuses.values(), answer)

    setattr(Servers, "test_" + name.replace(" ", "_"), test)


for entry, text in CHEATS.items():
    add(entry, text)
