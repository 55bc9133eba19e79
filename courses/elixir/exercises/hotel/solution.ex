defmodule Hotel do
  @moduledoc """
  A hotel in which every guest's bill is a process.

  `Hotel.Book` is the registry of the guests, `Hotel.Floor` the supervisor of their bills. The two fall
  together: bills that nobody can find would be of no use, nor would a book of lost bills.
  """

  @doc "Opens the hotel."
  def start_link do
    children = [
      {Registry, keys: :unique, name: Hotel.Book},
      {DynamicSupervisor, name: Hotel.Floor}
    ]

    Supervisor.start_link(children, strategy: :one_for_all)
  end

  @doc "Opens a bill for a guest."
  def check_in(guest) do
    name = {:via, Registry, {Hotel.Book, guest}}
    bill = %{id: guest, start: {Agent, :start_link, [fn -> [] end, [name: name]]}}

    case DynamicSupervisor.start_child(Hotel.Floor, bill) do
      {:ok, _pid} -> :ok
      {:error, {:already_started, _pid}} -> {:error, :already_here}
    end
  end

  @doc "Puts something on a guest's bill and returns the new total."
  def order(guest, thing, price) do
    with {:ok, pid} <- find(guest) do
      Agent.get_and_update(pid, fn items ->
        items = [{thing, price} | items]
        {total(items), items}
      end)
    end
  end

  @doc "The names of all guests, sorted."
  def guests do
    Hotel.Book
    |> Registry.select([{{:"$1", :_, :_}, [], [:"$1"]}])
    |> Enum.sort()
  end

  @doc "Closes a guest's bill and returns what was on it."
  def check_out(guest) do
    with {:ok, pid} <- find(guest) do
      items = Agent.get(pid, & &1)
      :ok = DynamicSupervisor.terminate_child(Hotel.Floor, pid)
      {:ok, for({thing, _price} <- Enum.reverse(items), do: thing)}
    end
  end

  defp find(guest) do
    case Registry.lookup(Hotel.Book, guest) do
      [{pid, _value}] -> {:ok, pid}
      [] -> {:error, :unknown_guest}
    end
  end

  defp total(items), do: items |> Enum.map(fn {_thing, price} -> price end) |> Enum.sum()
end
