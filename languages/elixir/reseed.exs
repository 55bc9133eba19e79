# Called in each copy of the template before anything of the user's. Processes that the user starts seed :rand
# themselves; no process of the runtime has a seed.
defmodule Phial.Reseed do
  @moduledoc false

  def run do
    # OpenSSL notices by itself that the process id is another. This makes sure: with what it is given it takes fresh
    # bytes from the kernel, into the generator from which all others of the process are seeded.
    :ok = :crypto.rand_seed(:erlang.term_to_binary(:os.system_time()))
    # References and unique integers go on from where the template was; so it is likely that two copies differ.
    Enum.each(0..rem(:os.perf_counter(), 256), fn _ -> make_ref() end)
    Enum.each(0..rem(:os.system_time(), 256), fn _ -> :erlang.unique_integer() end)
    :ok
  end
end
