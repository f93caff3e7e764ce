# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Real MPTCP traffic for the bats files that load it after lib: two network namespaces of the test's own, which
# are removed with everything that runs in them.
# shellcheck disable=SC2154 # BATS_... and what lib.bash sets

# In setup. `servers` are processes to end.
network_setup() {
	client=mptcp_test_$$_c server=mptcp_test_$$_s
	namespaces=
	servers=
}

# In teardown.
network_teardown() {
	local id

	for id in $servers; do
		kill "$id" 2>/dev/null || true
	done
	[ -n "$namespaces" ] || return 0
	for id in $(ip netns pids "$client") $(ip netns pids "$server"); do
		kill "$id" 2>/dev/null || true
	done
	ip netns del "$client" 2>/dev/null || true
	ip netns del "$server" 2>/dev/null || true
}

# Two namespaces with a link between them and two addresses on the client's side; skips the test where that is not
# possible.
make_network() {
	[ "$(id -u)" = 0 ] || skip 'not root: no network namespaces'
	need_program ip
	need_program python3
	need_program dumpcap
	[ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ] || skip 'this kernel does not speak MPTCP'
	ip netns add "$client" 2>/dev/null || skip 'no network namespaces here'
	namespaces=yes
	ip netns add "$server"
	ip link add veth0 netns "$client" type veth peer name veth0 netns "$server" 2>/dev/null ||
		skip 'no veth devices here'
	local name
	for name in "$client" "$server"; do
		ip -n "$name" link set lo up
		ip -n "$name" link set veth0 up
		ip netns exec "$name" sysctl -qw net.mptcp.enabled=1 || skip 'MPTCP cannot be switched on in a namespace'
	done
	ip -n "$server" address add 10.99.0.1/24 dev veth0
	ip -n "$client" address add 10.99.0.2/24 dev veth0
	ip -n "$client" address add 10.99.0.3/24 dev veth0
	ip -n "$client" mptcp limits set subflow 2 add_addr_accepted 2 2>/dev/null || skip 'ip cannot set up MPTCP'
	ip -n "$server" mptcp limits set subflow 2 add_addr_accepted 2
	ip -n "$client" mptcp endpoint add 10.99.0.3 dev veth0 subflow
}

# Takes one connection and counts its bytes.
serve() {
	cat >serve.py <<-'EOF'
		import socket
		with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as listener:
		    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    listener.settimeout(30)
		    listener.bind(("10.99.0.1", 5001))
		    listener.listen()
		    open("listening", "w").close()
		    connection, _ = listener.accept()
		    connection.settimeout(30)
		    total = 0
		    while data := connection.recv(65536):
		        total += len(data)
		    connection.close()
		    print(total)
	EOF
	ip netns exec "$server" timeout 40 python3 serve.py >received &
	servers="$servers $!"
	for _ in {1..100}; do
		[ ! -e listening ] || return 0
		sleep 0.1
	done
	return 1
}

# The same, again and again.
serve_all() {
	cat >serve_all.py <<-'EOF'
		import socket
		with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as listener:
		    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    listener.bind(("10.99.0.1", 5001))
		    listener.listen()
		    open("listening", "w").close()
		    while True:
		        connection, _ = listener.accept()
		        while connection.recv(65536):
		            pass
		        connection.close()
	EOF
	ip netns exec "$server" timeout 120 python3 serve_all.py &
	servers="$servers $!"
	for _ in {1..100}; do
		[ ! -e listening ] || return 0
		sleep 0.1
	done
	return 1
}

# Sends 10,000 bytes ten times a second, $1 times: 300,000 bytes in three seconds.
send() {
	ip netns exec "$client" timeout 40 python3 -c '
import socket, sys, time
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as connection:
    connection.settimeout(30)
    connection.connect(("10.99.0.1", 5001))
    for i in range(int(sys.argv[1])):
        connection.sendall(b"x" * 10000)
        time.sleep(0.1)
' "${1:-30}"
}
