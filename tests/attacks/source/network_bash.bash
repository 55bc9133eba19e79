# attack: uses the network from Bash's own /dev/tcp and /dev/udp
# expect: status=ok stdout=contained
# host: never
for where in /dev/tcp/127.0.0.1/4080 /dev/udp/127.0.0.1/53 /dev/tcp/169.254.169.254/80; do
    if (exec 3<>"$where") 2>/dev/null; then
        echo "BREACH: $where could be opened"
    fi
done
echo contained
