# How values cross between the runtime with the tests and the one with the solution.
#
# A format of our own, for the external term format carries code even with `:safe`: exported functions of any module,
# compiled regular expressions. A term is a tag and what follows; numbers are big endian:
#
#     n  []              o  0..255, 1 byte      i  integer, 8 bytes      I  integer: sign, size (4), magnitude
#     f  float, 8        b  binary: size (4)    t  bits: count (4)       a  atom: size (2), UTF-8
#     c  list of 32-bit integers: count (4)     l  proper list: count (4), terms       m  improper list, then its tail
#     u  tuple: count (4), terms                d  map: count (4), keys and values
#     x  regular expression: source, options    e  exported function: module, name, arity (from the tests only)
#     p  pid, r reference, q port, s alias, each: owner (1), id (8)      F  function: owner, id, arity (1)
#
# Whatever has identity or code is a handle: the other side gets a stand-in, and what comes home is the original.

defmodule Phial.Grade.Wire do
  @moduledoc false

  alias Phial.Grade.{Gate, Handles}

  @depth_most 10_000
  @size_most 16 * 1024 * 1024
  @regex_most 65_536
  @regex_options [:caseless, :unicode, :ucp, :multiline, :dotall, :extended, :firstline, :ungreedy]
  @handles %{?p => :pid, ?r => :reference, ?q => :port, ?s => :alias}
  # Their own modules would work with files, devices or code of the side that enumerates them.
  @streams [File.Stream, IO.Stream]
  @refused [GenEvent.Stream, Regex, Macro.Env | @streams]
  @calendar_types [Date, Time, DateTime, NaiveDateTime]

  def size_most, do: @size_most

  @doc "Raises ArgumentError for what is too large to cross."
  def encode(term) do
    binary = term |> put() |> IO.iodata_to_binary()
    size = byte_size(binary)
    if size > @size_most, do: raise(ArgumentError, "a value of #{size} bytes cannot pass between tests and solution")
    binary
  end

  defp put([]), do: "n"
  defp put(small) when is_integer(small) and small in 0..255, do: <<?o, small>>
  defp put(int) when is_integer(int) and int in -0x8000000000000000..0x7FFFFFFFFFFFFFFF, do: <<?i, int::signed-64>>

  defp put(int) when is_integer(int) do
    magnitude = :binary.encode_unsigned(abs(int))
    [<<?I, if(int < 0, do: 1, else: 0), byte_size(magnitude)::32>>, magnitude]
  end

  defp put(float) when is_float(float), do: <<?f, float::float-64>>
  defp put(binary) when is_binary(binary), do: [<<?b, byte_size(binary)::32>>, binary]

  defp put(bits) when is_bitstring(bits) do
    count = bit_size(bits)
    [<<?t, count::32>>, <<bits::bitstring, 0::size(8 - rem(count, 8))>>]
  end

  defp put(atom) when is_atom(atom) do
    Handles.announce(atom)
    name = Atom.to_string(atom)
    [<<?a, byte_size(name)::16>>, name]
  end

  # The tag of a gen call's reply: its alias is good only where it was made.
  defp put([:alias | reference] = tag) when is_reference(reference), do: put_handle(?s, :alias, tag)

  defp put([first | _] = list) when is_integer(first) do
    case put_integers(list, []) do
      nil -> put_list(list, [], 0)
      integers -> [<<?c, div(byte_size(integers), 4)::32>>, integers]
    end
  end

  defp put([_ | _] = list), do: put_list(list, [], 0)
  defp put(tuple) when is_tuple(tuple), do: [<<?u, tuple_size(tuple)::32>> | Enum.map(Tuple.to_list(tuple), &put/1)]
  defp put(%Regex{source: source} = regex) when is_binary(source), do: [?x, put(source), put(Regex.opts(regex))]

  # Enumerated where it is, by calls.
  defp put(%module{} = stream) when module in @streams, do: put(&Enumerable.reduce(stream, &1, &2))

  # It holds the source of the tests.
  defp put(%{__struct__: ExUnit.AssertionError, expr: expression} = error) when not is_reference(expression) do
    if Handles.tests?(), do: put_map(Gate.hidden(error)), else: put_map(error)
  end

  defp put(map) when is_map(map), do: put_map(map)
  defp put(pid) when is_pid(pid), do: put_handle(?p, :pid, pid)
  defp put(port) when is_port(port), do: put_handle(?q, :port, port)

  defp put(reference) when is_reference(reference) do
    case Handles.guest_id({:alias, reference}) do
      nil -> put_handle(?r, :reference, reference)
      id -> <<?s, Handles.other_side(), id::64>>
    end
  end

  defp put(function) when is_function(function) do
    info = :erlang.fun_info(function)

    if info[:type] == :external and Handles.may_name?(info[:module]) do
      [?e, put(info[:module]), put(info[:name]), info[:arity]]
    else
      {owner, id} = Handles.export(:function, function)
      <<?F, owner, id::64, info[:arity]>>
    end
  end

  defp put_map(map) do
    [<<?d, map_size(map)::32>> | Enum.map(:maps.to_list(map), fn {key, value} -> [put(key) | put(value)] end)]
  end

  defp put_handle(tag, kind, term) do
    {owner, id} = Handles.export(kind, term)
    <<tag, owner, id::64>>
  end

  defp put_integers([int | rest], done) when is_integer(int) and int in -0x80000000..0x7FFFFFFF,
    do: put_integers(rest, [done | <<int::signed-32>>])

  defp put_integers([], done), do: IO.iodata_to_binary(done)
  defp put_integers(_, _), do: nil

  defp put_list([first | rest], done, count), do: put_list(rest, [done | [put(first)]], count + 1)
  defp put_list([], done, count), do: [<<?l, count::32>> | done]
  defp put_list(tail, done, count), do: [<<?m, count::32>>, done, put(tail)]

  @doc """
  Throws `{:refused, what}` for a value that the tests' side does not take, `{:violation, what}` for what the other
  side's own encoder would never write.
  """
  def decode(binary) do
    case get(binary, 0) do
      {term, <<>>} -> term
      {_, _} -> throw({:violation, :left_over})
    end
  end

  # Counts are checked against the bytes that are left before anything of that size is made.
  defp get(_, depth) when depth > @depth_most, do: throw({:violation, :depth})
  defp get(<<?n, rest::binary>>, _), do: {[], rest}
  defp get(<<?o, small, rest::binary>>, _), do: {small, rest}
  defp get(<<?i, int::signed-64, rest::binary>>, _), do: {int, rest}
  defp get(<<?I, 0, size::32, bytes::binary-size(size), rest::binary>>, _), do: {:binary.decode_unsigned(bytes), rest}
  defp get(<<?I, 1, size::32, bytes::binary-size(size), rest::binary>>, _), do: {-:binary.decode_unsigned(bytes), rest}
  defp get(<<?f, float::float-64, rest::binary>>, _), do: {float, rest}
  defp get(<<?b, size::32, bytes::binary-size(size), rest::binary>>, _), do: {:binary.copy(bytes), rest}

  defp get(<<?t, count::32, rest::binary>>, _) when rem(count, 8) != 0 and div(count, 8) < byte_size(rest) do
    padding = 8 - rem(count, 8)
    <<bits::bitstring-size(count), _::size(padding), rest::binary>> = rest
    {bits, rest}
  end

  defp get(<<?a, size::16, name::binary-size(size), rest::binary>>, _), do: {Handles.atom(name), rest}

  defp get(<<?c, count::32, integers::binary-size(count)-unit(32), rest::binary>>, _),
    do: {for(<<int::signed-32 <- integers>>, do: int), rest}

  defp get(<<?l, count::32, rest::binary>>, depth) when count <= byte_size(rest),
    do: get_list(count, rest, [], depth + 1)

  defp get(<<?m, count::32, rest::binary>>, depth) when count <= byte_size(rest) do
    {list, rest} = get_list(count, rest, [], depth + 1)
    {tail, rest} = get(rest, depth + 1)
    {list ++ tail, rest}
  end

  defp get(<<?u, count::32, rest::binary>>, depth) when count <= byte_size(rest) do
    {list, rest} = get_list(count, rest, [], depth + 1)
    if match?([:re_pattern | _], list), do: refuse(:re_pattern)
    {List.to_tuple(list), rest}
  end

  defp get(<<?d, count::32, rest::binary>>, depth) when 2 * count <= byte_size(rest) do
    {pairs, rest} = get_pairs(count, rest, [], depth + 1)
    {pairs |> :maps.from_list() |> check_struct(), rest}
  end

  defp get(<<?x, rest::binary>>, depth) do
    {source, rest} = get(rest, depth + 1)
    {options, rest} = get(rest, depth + 1)
    {regex(source, options), rest}
  end

  defp get(<<?e, rest::binary>>, depth) do
    if Handles.tests?(), do: throw({:violation, :named_function})
    {module, rest} = get(rest, depth + 1)
    {name, <<arity, rest::binary>>} = get(rest, depth + 1)
    {Function.capture(module, name, arity), rest}
  end

  defp get(<<?F, owner, id::64, arity, rest::binary>>, _), do: {Handles.import(:function, owner, id, arity), rest}

  defp get(<<tag, owner, id::64, rest::binary>>, _) when is_map_key(@handles, tag),
    do: {Handles.import(@handles[tag], owner, id, 0), rest}

  defp get(_, _), do: throw({:violation, :malformed})

  defp get_list(0, rest, done, _), do: {:lists.reverse(done), rest}

  defp get_list(count, rest, done, depth) do
    {term, rest} = get(rest, depth)
    get_list(count - 1, rest, [term | done], depth)
  end

  defp get_pairs(0, rest, done, _), do: {done, rest}

  defp get_pairs(count, rest, done, depth) do
    {key, rest} = get(rest, depth)
    {value, rest} = get(rest, depth)
    get_pairs(count - 1, rest, [{key, value} | done], depth)
  end

  # A compiled pattern is memory that the matcher trusts, so it is compiled here.
  defp regex(source, options) when is_binary(source) and byte_size(source) <= @regex_most and is_list(options) do
    unless Enum.all?(options, &(&1 in @regex_options)), do: refuse(Regex)

    case Regex.compile(source, options) do
      {:ok, regex} -> regex
      {:error, _} -> refuse(Regex)
    end
  end

  defp regex(_, _), do: refuse(Regex)

  defp check_struct(%{__struct__: module, calendar: calendar} = map) when module in @calendar_types do
    if calendar != Calendar.ISO, do: refuse(calendar)
    map
  end

  defp check_struct(%{__struct__: module} = map) when module in @refused do
    refuse(module)
    map
  end

  defp check_struct(%{__struct__: ExUnit.AssertionError} = error), do: Gate.shown(error)

  # ExUnit would print what they hold of stack traces, and with these source.
  defp check_struct(%{__struct__: module} = map) when is_atom(module) do
    if match?("Elixir.ExUnit." <> _, Atom.to_string(module)), do: refuse(module)
    map
  end

  defp check_struct(map), do: map

  # The solution's side takes everything: what comes there is the tests' own.
  defp refuse(what), do: if(Handles.tests?(), do: throw({:refused, what}))
end
