# attack: looks in its environment for secrets and names of the host
# expect: status=ok stdout=contained
# host: never
while IFS= read -r line; do
    name=${line%%=*}
    case $name in
    PATH | HOME | LANG | LC_ALL | PWD | SHLVL | _ | OLDPWD | TERM | TMPDIR | USER | LOGNAME | SHELL | TZ) ;;
    *) echo "BREACH: the environment has $line" ;;
    esac
done < <(/usr/bin/env 2>/dev/null || export -p | sed 's/^declare -x //')
echo contained
