# Real programs that talk through the gateway.

readonly UDP_RATE=20M UDP_SECONDS=4 TCP_PORT=5202

# `await SECONDS WHAT COMMAND...`: until the command succeeds.
await() {
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || fail "waited too long for $what"
		sleep 0.1
	done
}

# A web server that answers its own name, one on its web port and one on its admin port.
start_servers() {
	local name port
	for name in one two; do
		mkdir -p "$work/$name"
		printf 'server %s\n' "$name" >"$work/$name/index.html"
		for port in 8080 9090; do
			spawn "$name" python3 -m http.server "$port" --bind :: --directory "$work/$name"
		done
		await 10 "the web server $name" in_ "$name" curl -sfg "http://[::1]:8080/"
	done
	spawn one iperf3 -s -p 5201
	spawn one iperf3 -s -p "$TCP_PORT"
}

# Starts a program in a namespace that ends with the demo.
spawn() {
	local name=$1
	shift
	nsenter --net="/run/netns/$PREFIX-$name" -- "$@" >>"$work/$name.log" 2>&1 </dev/null &
	children+=($!)
}

# `distribution URL COUNT`: who answered how often.
distribution() {
	local url=$1 count=$2 i
	for ((i = 0; i < count; i++)); do
		in_ client curl -sg --max-time 3 "$url" || printf 'no answer\n'
	done | sort | uniq -c | sed 's/^ */    /; s/ server/ answers by server/'
}

# Starts a stream of datagrams from the client to server one.
start_udp() {
	: >"$work/udp.json"
	nsenter --net="/run/netns/$PREFIX-client" -- \
		iperf3 -c 10.20.1.2 -p 5201 -u -b "$UDP_RATE" -l 1000 -t "$UDP_SECONDS" --json >"$work/udp.json" 2>&1 &
	udp=$!
	await 5 "datagrams" flowing
}

# Whether datagrams of the stream have come to the server's interface by now.
flowing() {
	local before
	before=$(received)
	sleep 0.1
	(($(received) > before + 10))
}

received() { in_ one awk '/eth0:/ { print $3 }' /proc/net/dev; }

# Waits for the stream's end and prints what came of it.
end_udp() {
	local sent lost
	wait "$udp" || fail "iperf3 failed: $(grep -o '"error":.*' "$work/udp.json")"
	udp=
	sent=$(last_number packets "$work/udp.json")
	lost=$(last_number lost_packets "$work/udp.json")
	losses+=("$lost")
	printf '    %s datagrams sent, %s received, %s lost\n' "$sent" "$((sent - lost))" "$lost"
}

# Last value of a key in a JSON file: iperf3 puts the sum there.
last_number() {
	grep -o "\"$1\":[[:space:]]*[0-9]*" "$2" | tail -n 1 | grep -o '[0-9]*$'
}

# A long TCP connection that lives through every change.
start_tcp() {
	: >"$work/client.log"
	spawn client iperf3 -c 10.20.1.2 -p "$TCP_PORT" -b 50M -t 3600
	tcp=$!
}

tcp_lives() {
	kill -0 "$tcp" 2>/dev/null
}
