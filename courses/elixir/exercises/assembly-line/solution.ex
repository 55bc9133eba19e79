defmodule AssemblyLine do
  @moduledoc "Three stations in a row, each building on the work of those before it."

  @stations [:cut, :weld, :paint]

  @doc "Starts the stations. When one falls, the later ones begin anew with it."
  def start_link do
    children =
      for name <- @stations do
        %{id: name, start: {Agent, :start_link, [fn -> [] end]}}
      end

    Supervisor.start_link(children, strategy: :rest_for_one)
  end

  @doc "The pid of a station."
  def station(line, name) do
    {^name, pid, _type, _modules} = line |> Supervisor.which_children() |> List.keyfind(name, 0)
    pid
  end

  @doc "Enters a part at all stations."
  def send_through(line, part) do
    for name <- @stations do
      line |> station(name) |> Agent.update(&[part | &1])
    end

    :ok
  end

  @doc "The parts that a station has handled, newest first."
  def log(line, name), do: line |> station(name) |> Agent.get(& &1)
end
