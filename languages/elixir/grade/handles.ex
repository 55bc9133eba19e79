# What has crossed: our own terms that the other side has stand-ins of, and our stand-ins of its terms.
#
# A term that crosses gets a number, once. The tables are public, for every process encodes; only the link's process
# imports, so no term gets two stand-ins.

defmodule Phial.Grade.Handles do
  @moduledoc false

  alias Phial.Grade.{Link, StandIn}

  @key Phial.Grade
  @table :phial_handles
  @sides %{tests: 0, solution: 1}
  # What the solution may make grow on the tests' side.
  @atoms_most 5_000
  @guests_most 200_000
  @processes_most 20_000
  @arity_most 12
  @atoms 1
  @guests 2
  @processes 3

  @doc "Called once, by the process that owns the tables for as long as the runtime lives."
  def open(side, port, link, scribe) do
    :ets.new(@table, [:named_table, :public, :set])
    peer = %{side: side, tag: make_ref(), counters: :counters.new(3, []), port: port, link: link, scribe: scribe}
    :persistent_term.put(@key, peer)
  end

  def peer, do: :persistent_term.get(@key)
  def tests?, do: peer().side == :tests
  def own_side, do: @sides[peer().side]
  def other_side, do: 1 - own_side()

  ## Out

  @doc "Owner and number of a term; a stand-in goes home as the original."
  def export(kind, term) do
    case :ets.lookup(@table, {:guest_of, {kind, term}}) do
      [{_, id}] -> {other_side(), id}
      [] -> {own_side(), own_id(kind, term)}
    end
  end

  defp own_id(kind, term) do
    case :ets.lookup(@table, {:own_of, kind, term}) do
      [{_, id}] ->
        id

      [] ->
        id = :erlang.unique_integer([:positive])
        :ets.insert(@table, {{:own, id}, kind, term})

        if :ets.insert_new(@table, {{:own_of, kind, term}, id}) do
          if kind == :pid, do: Link.watch(term, id, :own)
          id
        else
          own_id(kind, term)
        end
    end
  end

  @doc "The number of a stand-in `{kind, term}`, or nil."
  def guest_id(what) do
    case :ets.lookup(@table, {:guest_of, what}) do
      [{_, id}] -> id
      [] -> nil
    end
  end

  @doc "Functions of these cross by name: what both sides have. Never from the solution."
  def may_name?(module),
    do: tests?() and (is_map_key(:persistent_term.get({@key, :proxies}, %{}), module) or library?(module))

  @doc "Whether a module is of Erlang or Elixir."
  def library?(module) do
    case :code.which(module) do
      ~c"/usr/lib/" ++ _ -> true
      :preloaded -> true
      _ -> false
    end
  end

  @doc """
  A module of the tests whose name crosses for the first time becomes known on the other side. What the solution has
  named first does not: it could have anything named to itself.
  """
  def announce(atom) do
    case :persistent_term.get({@key, :shared}, nil) do
      %{^atom => shell} -> if :ets.insert_new(@table, {{:shared, atom}, :announced}), do: Link.define(shell)
      _ -> :ok
    end
  end

  def announced?(module), do: :ets.lookup(@table, {:shared, module}) == [{{:shared, module}, :announced}]

  # Until the tests are compiled it is not known which names are theirs.
  defp named_by_solution(atom) do
    shared = :persistent_term.get({@key, :shared}, nil)
    if shared == nil or is_map_key(shared, atom), do: :ets.insert_new(@table, {{:shared, atom}, :named})
    atom
  end

  ## In

  def import(kind, owner, id, arity) do
    if owner == own_side(), do: own(kind, id), else: guest(kind, id, arity)
  end

  def own(kind, id) do
    case :ets.lookup(@table, {:own, id}) do
      [{_, ^kind, term}] -> term
      _ -> throw({:violation, {:no_such, kind}})
    end
  end

  defp guest(kind, id, arity) do
    case :ets.lookup(@table, {:guest, id}) do
      [{_, ^kind, term}] -> term
      [] -> new_guest(kind, id, arity)
      _ -> throw({:violation, {:no_such, kind}})
    end
  end

  defp new_guest(kind, id, arity) do
    count(if(kind == :pid, do: @processes, else: @guests), if(kind == :pid, do: @processes_most, else: @guests_most))
    term = stand_in(kind, id, arity)
    :ets.insert(@table, [{{:guest, id}, kind, term}, {{:guest_of, {kind, term}}, id}])
    if kind == :pid, do: Link.watch(term, id, :guest)
    term
  end

  defp stand_in(:pid, _, _), do: StandIn.start()
  defp stand_in(:function, id, arity) when arity <= @arity_most, do: Phial.Grade.Call.function(arity, id)
  defp stand_in(:function, _, _), do: throw({:refused, :function})
  defp stand_in(_, _, _), do: make_ref()

  defp count(counter, most) do
    %{counters: counters} = peer()
    :counters.add(counters, counter, 1)
    if tests?() and :counters.get(counters, counter) > most, do: throw({:violation, :too_many})
  end

  def atom(name) do
    atom = existing_atom(name)
    if tests?(), do: named_by_solution(atom), else: atom
  end

  defp existing_atom(name) do
    :erlang.binary_to_existing_atom(name)
  rescue
    ArgumentError -> new_atom(name)
  end

  defp new_atom(name) do
    count(@atoms, @atoms_most)
    :erlang.binary_to_atom(name)
  rescue
    _ in [ArgumentError, SystemLimitError] -> throw({:violation, :atom})
  end
end
