#!/usr/bin/env bash
# demo: Manx at work between a client and two servers, and changed while they talk. Started by bin/manx demo.
set -euo pipefail
demo=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${demo%/dist/*}
home=$root/dist/target/manx
manx=$root/bin/manx

. "$demo/network.sh"
. "$demo/traffic.sh"

stay=
case ${1-} in
--stay) stay=yes ;;
'') ;;
*)
	printf 'manx: demo does not know %s; it takes --stay\n' "$1" >&2
	exit 2
	;;
esac

work=$(mktemp -d /run/manx-demo.XXXXXX)
socket=$work/manx.sock
children=() losses=() engine='' udp='' tcp=''

say() { printf '\n== %s\n' "$*"; }
fail() {
	printf 'manx: demo: %s\n' "$*" >&2
	[[ -s $work/manx.log ]] && tail -n 20 "$work/manx.log" >&2
	exit 1
}

ask() { "$manx" "$@" --socket "$socket"; }
indent() { sed 's/^/    /'; }

clean_up() {
	trap '' INT TERM
	local child
	for child in $udp "${children[@]}"; do
		kill "$child" 2>/dev/null || :
	done
	if [[ -n $engine ]]; then
		kill "$engine" 2>/dev/null || :
		wait "$engine" 2>/dev/null || :
		[[ ! -d $work/state ]] || "$manx" clean --state "$work/state" --socket "$socket" >/dev/null
	fi
	remove_network
	rm -rf "$work"
}

start_manx() {
	mkdir "$work/config" "$work/deploy"
	cp "$demo"/resources/*.yaml "$work/config"
	"$manx" run --netns "$PREFIX-gateway" --config "$work/config" --deploy "$work/deploy" --state "$work/state" \
		--socket "$socket" >"$work/ready" 2>"$work/manx.log" &
	engine=$!
	local end=$((SECONDS + 40))
	until grep -q ready "$work/ready"; do
		kill -0 "$engine" 2>/dev/null || fail "Manx ended"
		((SECONDS < end)) || fail "Manx does not become ready"
		sleep 0.05
	done
}

millis() { date +%s%3N; }

show_traffic() {
	say "ping, IPv4 and IPv6, to a server behind the gateway"
	in_ client ping -q -c 3 -i 0.2 10.20.1.2 | indent
	in_ client ping -q -c 3 -i 0.2 fd20:2::2 | indent
	say "curl http://10.96.0.10/ and http://[fd96::10]/: one address, two servers"
	distribution http://10.96.0.10/ 10
	distribution 'http://[fd96::10]/' 10
	say "curl http://10.20.1.2:9090/: the server listens, policy says no"
	if in_ client curl -sf --max-time 1 http://10.20.1.2:9090/; then
		fail "policy let a connection through that it should deny"
	fi
	printf '    no answer\n'
}

show_pipelines() {
	say "manx pipelines"
	ask pipelines | indent
	say "manx drops"
	ask drops | indent
}

# `change WHAT COMMAND...`: while datagrams and a TCP connection flow.
change() {
	local what=$1
	shift
	say "$what, under traffic"
	start_udp
	"$@"
	end_udp
	tcp_lives || fail "the TCP connection broke: $(tail -n 1 "$work/client.log")"
}

stages_named() { ask pipelines | grep -c " $1 " || :; }

drop_in() {
	local start
	start=$(millis)
	# A rename makes the jar whole from the start.
	cp "$home/stages/io.manx.example.notelnet.jar" "$work/deploy/no-telnet.part"
	mv "$work/deploy/no-telnet.part" "$work/deploy/no-telnet.jar"
	await_log 'no-telnet'
	printf '    %d ms from the file to the pipeline: %s\n' $(($(millis) - start)) "$(last_pipeline)"
}

newer_policy() {
	"$manx" next-version "$home/bundles/4/io.manx.policy.jar" 1.1.0 "$work/policy-1.1.0.jar"
	ask update "$work/policy-1.1.0.jar" | indent
}

take_out() { ask remove no-telnet | indent; }

pipeline_lines() { grep -o 'pipeline [0-9]*: .*' "$work/manx.log"; }
last_pipeline() { pipeline_lines | tail -n 1; }
await_log() { await 10 "the stage $1" eval "pipeline_lines | tail -n 1 | grep -q -e '$1'"; }

how_to_play() {
	cat <<-END

		It stays. In another terminal, as root:
		  $manx shell --socket $socket
		  $manx pipelines --socket $socket
		  $manx flows --socket $socket
		  nsenter --net=/run/netns/$PREFIX-client curl http://10.96.0.10/
		  edit $work/config/policies.yaml; it is in the kernel within a second
		  cp $home/stages/io.manx.example.notelnet.jar $work/deploy/
		Ctrl-C here ends it and cleans up.
	END
	wait "$engine" || :
}

trap clean_up EXIT
trap 'exit 130' INT TERM
remove_network
say "a network: a client, a gateway, two web servers"
make_network
start_servers
printf '    namespaces %s\n' "$(printf "$PREFIX-%s " "${NAMESPACES[@]}")"
say "manx run --netns $PREFIX-gateway --config $work/config --deploy $work/deploy"
began=$(millis)
start_manx
printf '    ready after %d ms\n' $(($(millis) - began))
show_traffic
show_pipelines
start_tcp
change "drop a stage into the deploy folder" drop_in
change "update policy's bundle" newer_policy
change "remove the stage again" take_out
show_pipelines
lost=0
for one in "${losses[@]}"; do lost=$((lost + one)); done
say "three changes, $lost datagrams lost, the TCP connection lives"
if [[ -n $stay ]]; then
	how_to_play
else
	say "cleaning up"
fi
