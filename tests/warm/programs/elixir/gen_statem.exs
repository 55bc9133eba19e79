defmodule Door do
  @behaviour :gen_statem
  def callback_mode, do: [:state_functions, :state_enter]
  def init(code), do: {:ok, :locked, %{code: code, typed: []}}
  def locked(:enter, _, _), do: :keep_state_and_data
  def locked({:call, from}, {:type, digit}, data) do
    typed = data.typed ++ [digit]
    if typed == data.code,
      do: {:next_state, :open, %{data | typed: []}, [{:reply, from, :opened}]},
      else: {:keep_state, %{data | typed: typed}, [{:reply, from, :more}]}
  end
  def open(:enter, _, _), do: {:keep_state_and_data, [{:state_timeout, 5, :close}]}
  def open(:state_timeout, :close, data), do: {:next_state, :locked, data}
  def open({:call, from}, _, _), do: {:keep_state_and_data, [{:reply, from, :already}]}
end

{:ok, door} = :gen_statem.start_link(Door, [1, 2], [])
IO.inspect(:gen_statem.call(door, {:type, 1}))
IO.inspect(:gen_statem.call(door, {:type, 2}))
Process.sleep(50)
IO.inspect(:sys.get_state(door) |> elem(0))
