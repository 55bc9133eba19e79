# attack: hangs the VM while it boots by a file that it loads: that must be no fault of the server's
# expect: status=compile_error
# expect: status=error
# name: .erlang
# cut: head
# slow: yes
# host: never

timer:sleep(infinity).
