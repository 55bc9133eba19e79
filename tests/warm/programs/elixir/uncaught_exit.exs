# test: {"status": "error"}
spawn_link(fn -> exit(:gone) end)
Process.sleep(:infinity)
