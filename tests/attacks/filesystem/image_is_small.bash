# attack: looks in the Bash image for compilers, interpreters, packages' tools and set-id programs that Bash does not need
# expect: status=ok stdout=contained
# host: plain
bad=0
for name in gcc cc as ld python3 perl node erl elixir ruby lua php tclsh gdb strace ltrace su sudo mount umount passwd chsh newgrp \
    gpasswd chfn dpkg apt apt-get curl wget nc ssh ping unshare nsenter setpriv capsh busybox; do
    if path=$(type -P "$name"); then
        echo "BREACH: $path is in the image"
        bad=1
    fi
done
for folder in /var/lib/dpkg/info /var/cache/apt/archives /boot /root/.ssh; do
    if [ -d "$folder" ] && [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
        echo "BREACH: $folder is in the image"
        bad=1
    fi
done
[ $bad = 0 ] && echo contained
