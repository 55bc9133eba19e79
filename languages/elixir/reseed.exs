# Gives the function that each copy of the template calls before anything of the user's. Processes that the user starts
# seed :rand themselves; no process of the runtime has a seed.
fn ->
  # One read for everything: 32 bytes for OpenSSL, which also notices by itself that the process id is another, and
  # two for the runtime's counters.
  {:ok, device} = :file.open("/dev/urandom", [:read, :raw, :binary])
  {:ok, <<seed::binary-32, references, integers>>} = :file.read(device, 34)
  :ok = :file.close(device)
  :ok = :crypto.rand_seed(seed)
  # References and unique integers go on from where the template was; this makes it likely that two copies differ.
  for _ <- 0..references//1, do: make_ref()
  for _ <- 0..integers//1, do: :erlang.unique_integer()
  :ok
end
