# attack: replaces its work folder and its own file by links to the host's, and leaves pipes that nobody writes to
# expect: status=ok stdout=contained
# host: never
cd /
rm -rf /work 2>/dev/null
ln -s /etc/passwd /work/main.sh
ln -s /etc /work/etc
mkfifo /work/stdin /work/stdout /work/result /work/exit_code 2>/dev/null
chmod 000 /work
if [ -L /work ]; then
    echo "BREACH: the work folder is a link"
    exit 1
fi
echo contained
