defmodule AssemblyLine do
  def start_link do
    # Three stations: :cut, :weld and :paint.
    children = []
    Supervisor.start_link(children, strategy: :rest_for_one)
  end

  def station(line, _name) do
    line
  end

  def send_through(_line, _part) do
    :ok
  end

  def log(_line, _name) do
    []
  end
end
