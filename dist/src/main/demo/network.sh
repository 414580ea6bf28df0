# The demo's network: a client, a gateway, two web servers, each a network namespace of its own.
#
#   client --- outside [gateway] one --- one
#                                two --- two
#
#   client  10.20.0.2  fd20:0::2       one  10.20.1.2  fd20:1::2       two  10.20.2.2  fd20:2::2

readonly PREFIX=manx-demo
readonly NAMESPACES=(client gateway one two)

# Runs a program in one of the namespaces: `in_ client ping ...`.
in_() {
	local name=$1
	shift
	nsenter --net="/run/netns/$PREFIX-$name" -- "$@"
}

make_network() {
	local name
	for name in "${NAMESPACES[@]}"; do
		ip netns add "$PREFIX-$name"
		in_ "$name" ip link set lo up
	done
	in_ gateway sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	connect client outside 0
	connect one one 1
	connect two two 2
}

# `connect NAMESPACE GATEWAY-INTERFACE NUMBER`: a veth pair, addresses, and the way out by the gateway.
connect() {
	local name=$1 port=$2 number=$3
	ip link add name "$port" netns "$PREFIX-gateway" type veth peer name eth0 netns "$PREFIX-$name"
	in_ gateway ip address add "10.20.$number.1/24" dev "$port"
	in_ gateway ip address add "fd20:$number::1/64" dev "$port" nodad
	in_ gateway ip link set "$port" up
	in_ "$name" ip address add "10.20.$number.2/24" dev eth0
	in_ "$name" ip address add "fd20:$number::2/64" dev eth0 nodad
	in_ "$name" ip link set eth0 up
	in_ "$name" ip route add default via "10.20.$number.1"
	in_ "$name" ip -6 route add default via "fd20:$number::1"
}

remove_network() {
	local name
	for name in "${NAMESPACES[@]}"; do
		if [[ -e /run/netns/$PREFIX-$name ]]; then
			ip netns delete "$PREFIX-$name"
		fi
	done
}
