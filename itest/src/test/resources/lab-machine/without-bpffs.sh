# Runs a command in a mount namespace (unshare -m) where there is no bpffs, nor a place to mount it on.
set -e
umount -l /sys/fs/bpf
mount -t tmpfs -o ro empty /sys/fs
exec "$@"
