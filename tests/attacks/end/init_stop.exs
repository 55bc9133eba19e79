# attack: asks the VM to stop while processes refuse to die
# expect: status=ok exit=0
# host: never
for _ <- 1..100, do: spawn(fn -> Process.flag(:trap_exit, true); Process.sleep(:infinity) end)
:init.stop()
Process.sleep(:infinity)
