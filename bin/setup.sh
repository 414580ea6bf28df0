# What a fresh machine needs, and the build. Sourced by the scripts beside it; $root is the checkout.

refuse() {
	printf 'manx: %s\n' "$*" >&2
	exit 1
}

# One line for a step that takes a while; its output is shown only when it fails.
step() {
	local what=$1 log status=0 start=$SECONDS
	shift
	log=$(mktemp)
	printf 'manx: %s ... ' "$what" >&2
	"$@" >"$log" 2>&1 || status=$?
	if ((status)); then
		printf 'failed\n' >&2
		tail -n 40 "$log" >&2
		rm -f "$log"
		return "$status"
	fi
	printf '%d s\n' $((SECONDS - start)) >&2
	rm -f "$log"
}

has() { command -v "$1" >/dev/null; }

has_library() {
	local folder
	for folder in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
		[[ -e $folder/$1 ]] && return
	done
	return 1
}

# Installs packages; the first argument says what for.
install() {
	local what=$1
	shift
	(($#)) || return 0
	has apt-get || refuse "$what needs $*, and there is no apt-get here: install them by hand"
	((EUID == 0)) || refuse "$what needs $*: apt-get install $*"
	export DEBIAN_FRONTEND=noninteractive
	step "installing $* for $what" sh -c \
		'apt-get -q update && apt-get -q install -y --no-install-recommends "$@"' sh "$@" ||
		refuse "apt-get could not install $*"
}

install_for_build() {
	local missing=()
	has "${JAVA_HOME:+$JAVA_HOME/bin/}javac" || missing+=(openjdk-17-jdk-headless)
	has mvn || missing+=(maven)
	has clang || missing+=(clang)
	has make || missing+=(make)
	[[ -e /usr/include/bpf/bpf_helpers.h ]] || missing+=(libbpf-dev)
	[[ -e /usr/include/linux/bpf.h ]] || missing+=(linux-libc-dev)
	install "the build" "${missing[@]}"
}

install_for_run() {
	local missing=()
	has "${JAVA_HOME:+$JAVA_HOME/bin/}java" || missing+=(openjdk-17-jre-headless)
	has_library libbpf.so.1 || missing+=(libbpf1)
	has tc || missing+=(iproute2)
	has unshare || missing+=(util-linux)
	install "running" "${missing[@]}"
}

install_for_demo() {
	local missing=()
	has ip || missing+=(iproute2)
	has ping || missing+=(iputils-ping)
	has curl || missing+=(curl)
	has iperf3 || missing+=(iperf3)
	has python3 || missing+=(python3)
	install "the demo" "${missing[@]}"
}

install_for_bench() {
	local missing=()
	has ip || missing+=(iproute2)
	has nft || missing+=(nftables)
	has iptables || missing+=(iptables)
	has conntrack || missing+=(conntrack)
	has ethtool || missing+=(ethtool)
	has unshare || missing+=(util-linux)
	has sysctl || missing+=(procps)
	install "the benchmark" "${missing[@]}"
}

install_for_test() {
	local missing=()
	has tcpdump || missing+=(tcpdump)
	has nginx || missing+=(nginx-light)
	has ethtool || missing+=(ethtool)
	has socat || missing+=(socat)
	has sysctl || missing+=(procps) # kill, too: the shell's own hides that it is missing
	has traceroute || missing+=(traceroute)
	has bpftool || missing+=(bpftool)
	install_for_demo
	install_for_bench
	install "the tests" "${missing[@]}"
}

# Maven and the compiler write below target folders only; anything else that is newer asks for a build.
# Tests say MANX_BUILT: they run inside of the build, and what it has just assembled.
sources_changed() {
	[[ -z ${MANX_BUILT-} ]] || return
	[[ ! -e $built ]] && return
	[[ -n $(cd "$root" && find pom.xml bpf framework plugins examples bench dist -name target -prune -o \
		\( -type f -o -path '*/src*' \) -newer "$built" -print -quit) ]]
}

build() {
	install_for_build
	install_for_run
	local began
	began=$(mktemp)
	step "building (the first time takes minutes)" \
		mvn -q -B -f "$root/pom.xml" -pl dist -am package -Dmaven.test.skip=true ||
		refuse "the build failed; the lines above say why"
	touch -r "$began" "$built"
	rm -f "$began"
}

build_when_changed() {
	if sources_changed; then
		build
	fi
}

build_when_missing() {
	[[ -n ${MANX_BUILT-} || -e $built ]] || build
}
