# Runs a command in a mount namespace (unshare -m) where the library is not there: an overlay with a hole in its place.
set -e
hole=/mnt
mount -t tmpfs hole "$hole"
mkdir "$hole/upper" "$hole/work"
mknod "$hole/upper/libbpf.so.1" c 0 0
libraries=$(dirname "$(readlink -f /usr/lib/*-linux-gnu/libbpf.so.1)")
mount -t overlay overlay -o "lowerdir=$libraries,upperdir=$hole/upper,workdir=$hole/work" "$libraries"
exec "$@"
