# attack: lets the VM abort
# expect: status=error signal=SIGABRT
# host: never
:erlang.halt(:abort)
