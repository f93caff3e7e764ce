#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-series: every series against a small connection that was computed by hand, and against what the truth files of our
# own captures say.
load lib

setup() {
	setup_common
	corpus_cache
}

A='10.0.0.1:1000 > 10.0.0.9:80'
B='10.0.1.1:1001 > 10.0.0.9:80'

# packet TIME STREAM DIRECTION FLAGS SEQ ACK LEN [COLUMN=VALUE...]: a row of the connection; the direction is > to the
# server or < to the client.
packet() {
	local time=$1 stream=$2 direction=$3 flags=$4 seq=$5 ack=$6 len=$7
	local -A value
	shift 7
	number=$((number + 1))
	value=([packetid]=$number [abstime]=$((1000 + ${time%.*})).${time#*.} [reltime]=$time [tcpstream]=$stream
		[mptcpstream]=0 [tcpflags]=$flags [tcpseq]=$seq [tcpack]=$ack [tcplen]=$len [rwnd]=1000
		[ipsrc]=10.0.$stream.1 [ipdst]=10.0.0.9 [sport]=100$stream [dport]=80 [tcpdest]=server [mptcpdest]=server)
	if [ "$direction" = '<' ]; then
		value+=([ipdst]=10.0.$stream.1 [ipsrc]=10.0.0.9 [dport]=100$stream [sport]=80 [tcpdest]=client
			[mptcpdest]=client)
	fi
	for cell; do
		value[${cell%%=*}]=${cell#*=}
	done
	for column in "${header[@]}"; do
		printf '%s%s' "$separator" "${value[$column]}"
		separator=,
	done
	echo
	separator=
}

# A segment of 100 bytes to the server: data TIME STREAM SEQ DSN [COLUMN=VALUE...]
data() {
	local time=$1 stream=$2 seq=$3 dsn=$4
	shift 4
	packet "$time" "$stream" '>' 0x0010 "$seq" 1 100 dsn="$dsn" dsn_raw=$((dsn + 5000)) subtype=DSS datafin=0 \
		dss_dsn=$((dsn + 5000)) dss_ssn="$seq" dss_length=100 "$@"
}

# What the server acknowledges: ack TIME STREAM ACK DATA_ACK
ack() {
	packet "$1" "$2" '<' 0x0010 1 "$3" 0 dack="$4" dack_raw=$(($4 + 5000)) dss_rawack=$(($4 + 5000)) \
		subtype=DSS datafin=0
}

# Makes x.csv of calls of the functions above, one per argument; '' in it is an empty word.
make_packets() {
	local number=0 separator=
	local -a header words
	mapfile -t header < <(mptcp-export --columns help | cut -d ' ' -f 1)
	{
		(IFS=, && echo "${header[*]}")
		for call; do
			read -ra words <<<"${call//\'\'/-}"
			"${words[@]/#-/}"
		done
	} >x.csv
}

# Makes x.csv: 400 bytes over two subflows. Bytes 301 to 400 come before 201 to 300, and again on the other subflow.
make_connection() {
	local number=0 separator=
	local -a header
	mapfile -t header < <(mptcp-export --columns help | cut -d ' ' -f 1)
	{
		(IFS=, && echo "${header[*]}")
		packet 0.00 0 '>' 0x0002 0 '' 0 subtype=MP_CAPABLE
		packet 0.01 0 '<' 0x0012 0 1 0 subtype=MP_CAPABLE
		data 0.10 0 1 1
		packet 0.15 1 '>' 0x0002 0 '' 0 subtype=MP_JOIN addrid=2
		packet 0.16 1 '<' 0x0012 0 1 0 subtype=MP_JOIN addrid=0
		data 0.20 1 1 101
		ack 0.25 0 101 101
		data 0.30 0 101 301
		ack 0.35 1 101 201
		data 0.40 1 101 201
		ack 0.45 0 201 401
		ack 0.50 1 201 401
		data 0.60 1 201 301 reinjection_of=8
		data 0.70 1 101 201 retransmission=1
	} >x.csv
}

# is EXPECTED ARGUMENT...: the rows that mptcp-series prints of x.csv, header and trailing zeros of the times left out. A and
# B are the subflows, T is the total.
is() {
	local expected=$1
	shift
	make_connection
	run_ok mptcp-series --no-header "$@" x.csv
	diff -u --label expected --label printed <(echo "$expected") <(sed -E "s/$A/A/; s/$B/B/; s/total > server/T/
		s/([0-9]\.[0-9]*[1-9])0+(,|\$)/\1\2/g; s/\.0+(,|\$)/\1/g" <<<"$output")
}

@test "tput: bits per second of all payload in each window, zero behind the end" {
	is '0,4000,T,sum,,
0.2,8000,T,sum,,
0.4,4000,T,sum,,
0.6,8000,T,sum,,
0.8,0,T,sum,,
0,4000,A,data,,
0.2,4000,A,data,,
0.4,0,A,data,,
0.6,0,A,data,,
0.8,0,A,data,,
0,0,B,data,,
0.2,4000,B,data,,
0.4,4000,B,data,,
0.6,8000,B,data,,
0.8,0,B,data,,' tput -w 0.2
}

@test "gput: each byte once, at its first copy" {
	is '0,4000,T,sum,,
0.2,8000,T,sum,,
0.4,4000,T,sum,,
0.6,0,T,sum,,
0.8,0,T,sum,,
0,4000,A,data,,
0.2,4000,A,data,,
0.4,0,A,data,,
0.6,0,A,data,,
0.8,0,A,data,,
0,0,B,data,,
0.2,4000,B,data,,
0.4,4000,B,data,,
0.6,0,B,data,,
0.8,0,B,data,,' gput --window=0.2
}

@test "share: fractions of the payload in each window, zero behind the end" {
	is '0,1,A,data,,
0.2,0.5,A,data,,
0.4,0,A,data,,
0.6,0,A,data,,
0.8,0,A,data,,
0,0,B,data,,
0.2,0.5,B,data,,
0.4,1,B,data,,
0.6,1,B,data,,
0.8,0,B,data,,' share -w 0.2
}

@test "share: zero behind each window that a pause follows" {
	is '0.1,1,A,data,,
0.2,0,A,data,,
0.3,1,A,data,,
0.4,0,A,data,,
0.5,0,A,data,,
0.6,0,A,data,,
0.7,0,A,data,,
0.8,0,A,data,,
0.1,0,B,data,,
0.2,1,B,data,,
0.3,0,B,data,,
0.4,1,B,data,,
0.5,0,B,data,,
0.6,1,B,data,,
0.7,1,B,data,,
0.8,0,B,data,,' share -w 0.1
}

# layers LAST: A at the bottom and B on it, in windows of 0.2 s; LAST is the top of B where only retransmissions are.
layers() {
	echo "0,4000,A,stack,0,
0.2,4000,A,stack,0,
0.4,0,A,stack,0,
0.6,0,A,stack,0,
0.8,0,A,stack,0,
0,4000,B,stack,4000,
0.2,8000,B,stack,4000,
0.4,4000,B,stack,0,
0.6,$1,B,stack,0,
0.8,0,B,stack,0,"
}

@test "tput, gput and share --stacked: top and bottom of the layer of each subflow, no total" {
	is "$(layers 8000)" tput --stacked -w 0.2
	is "$(layers 0)" gput --stacked -w 0.2
	is '0,1,A,stack,0,
0.2,0.5,A,stack,0,
0.4,0,A,stack,0,
0.6,0,A,stack,0,
0.8,0,A,stack,0,
0,1,B,stack,1,
0.2,1,B,stack,0.5,
0.4,1,B,stack,0,
0.6,1,B,stack,0,
0.8,0,B,stack,0,' share --stacked -w 0.2
	run_status 2 mptcp-series rtt --stacked x.csv
	says 'option --stacked: not an option of rtt'
}

@test "rtt: of data to its DATA_ACK, of segments to their acknowledgement, at the time of the ack" {
	is '0.25,0.15,T,data,,
0.35,0.15,T,data,,
0.45,0.05,T,data,,
0.45,0.15,T,data,,
0.25,0.15,A,ack,,
0.45,0.15,A,ack,,
0.35,0.15,B,ack,,
0.5,0.1,B,ack,,' rtt
}

@test "rtt --by departure and --by dsn: the same times elsewhere" {
	is '0.1,0.15,T,data,,
0.2,0.15,T,data,,
0.3,0.15,T,data,,
0.4,0.05,T,data,,
0.1,0.15,A,ack,,
0.3,0.15,A,ack,,
0.2,0.15,B,ack,,
0.4,0.1,B,ack,,' rtt --by departure
	is '1,0.15,T,data,,
101,0.15,T,data,,
201,0.05,T,data,,
301,0.15,T,data,,' rtt --by dsn
}

@test "rtt: data that was sent twice before it was acknowledged has none (Karn's rule)" {
	make_connection
	# the first segment again, before its acknowledgement
	awk -F, -v OFS=, '{ print } $1 == 3 { $3 = "0.2"; $2 = "1000.2"; print }' x.csv >twice.csv
	run_ok mptcp-series --no-header rtt -d server twice.csv
	[ "$(grep -c '^0.25' <<<"$output")" -eq 0 ]
	[ "$(grep -c '^0.35' <<<"$output")" -eq 2 ]
}

@test "rtt: an ack of anything sent twice, or of nothing but what was sacked before, measures no segment" {
	make_packets \
		"packet 0.00 0 > 0x0002 0 '' 0" "packet 0.01 0 < 0x0012 0 1 0" \
		'data 0.10 0 1 1' 'data 0.11 0 101 101' 'data 0.12 0 201 201' \
		'packet 0.30 0 < 0x0010 1 1 0 sack=101-301' \
		'data 0.40 0 1 1' \
		'packet 0.50 0 < 0x0010 1 301 0' \
		'data 0.60 0 301 301' 'data 0.61 0 401 401' \
		'packet 0.70 0 < 0x0010 1 301 0 sack=401-501' \
		'packet 0.80 0 < 0x0010 1 501 0' \
		'data 0.90 0 501 501' 'data 0.91 0 601 601' 'packet 1.00 0 < 0x0010 1 701 0'
	# 0.5: the first was sent twice; 0.8: only the lower one was not yet sacked; 1.0: the newest
	was=$(mptcp-series --no-header rtt -d server x.csv | cut -d , -f 1,2,4)
	[ "$was" = $'0.800000000,0.200000000,ack\n1.000000000,0.090000000,ack' ] || { echo "$was"; return 1; }
}

@test "rtt: a timestamp echoed to what came twice measures nothing: its own answer is lost" {
	make_packets \
		"packet 0.00 0 > 0x0002 0 '' 0" "packet 0.01 0 < 0x0012 0 1 0" \
		'data 0.10 0 1 1 tsval=10' 'data 0.90 0 1 1 tsval=90' \
		"packet 1.00 0 < 0x0010 1 101 0 tsecr=10 sack=1-101" \
		'data 1.10 0 101 101 tsval=110' 'data 1.90 0 101 101 tsval=190' \
		'packet 2.00 0 < 0x0010 1 201 0 tsecr=110'
	was=$(mptcp-series --no-header rtt -d server x.csv | cut -d , -f 1,2,4)
	[ "$was" = '2.000000000,0.900000000,timestamp' ] || { echo "$was"; return 1; }
}

@test "flight: data not acknowledged, by DATA_ACK and by subflow, and the window" {
	is '0.1,100,T,data,,
0.1,100,T,sum,,
0.2,200,T,data,,
0.2,200,T,sum,,
0.25,100,T,data,,
0.25,1000,T,window,,
0.25,100,T,sum,,
0.3,300,T,data,,
0.3,200,T,sum,,
0.35,200,T,data,,
0.35,100,T,sum,,
0.4,200,T,sum,,
0.45,0,T,data,,
0.45,100,T,sum,,
0.5,0,T,sum,,
0.6,100,T,sum,,
0.1,100,A,data,,
0.25,0,A,data,,
0.3,100,A,data,,
0.45,0,A,data,,
0.2,100,B,data,,
0.35,0,B,data,,
0.4,100,B,data,,
0.5,0,B,data,,
0.6,100,B,data,,' flight
}

@test "acksize: what each DATA_ACK acknowledges anew, on the subflow it came over" {
	is '0.25,100,A,ack,,
0.45,200,A,ack,,
0.35,100,B,ack,,' acksize
}

@test "acksize: a DATA_FIN is no byte, alone, together with data, or when it came first" {
	fin='subtype=DSS datafin=1 dss_ssn=0 dss_length=1'
	make_packets "packet 0.00 0 > 0x0002 0 '' 0 subtype=MP_CAPABLE" \
		"packet 0.10 0 > 0x0010 1 1 0 dss_dsn=5101 $fin" 'data 0.20 0 1 1' 'ack 0.30 0 101 102' \
		"packet 0.40 0 < 0x0010 1 101 0 dss_dsn=1 $fin" \
		'packet 0.50 0 > 0x0010 101 1 0 dack=2 dss_rawack=2 subtype=DSS datafin=0'
	was=$(mptcp-series --no-header acksize x.csv)
	[ "$was" = "0.300000000,100,$A,ack,," ] || { echo "$was"; return 1; }
}

@test "limits: layers whose heights are the shares of mptcp-lb" {
	run_ok mptcp-series limits -w 0.5 -d client 0 "$DEMO"
	[ "$(awk -F, 'NR > 1 { print $4 }' <<<"$output" | sort -u)" = stack ]
	awk -F, 'NR > 1 && $3 ~ /recovery$/ { printf "%.3f %.2f\n", $1, $2 - $5 }' <<<"$output" | sed '$d' >series
	mptcp-lb --interval 0.5 -d client --no-header --columns start,recovery 0 "$DEMO" | awk -F, '{ printf "%.3f %.2f\n", $1, $2 }' >table
	diff series table
	# the layers fill each window
	awk -F, 'NR > 1 && $2 > top[$1] { top[$1] = $2 } END { for (x in top) if (top[x] < 0.999) n++; exit n != 1 && n != 0 }' <<<"$output"
	run_status 1 mptcp-series limits "$(capture fallback_plain_tcp.client.pcap)"
}

@test "ooo: bytes above the hole, and for how long they waited, on the subflow that filled it" {
	is '0.1,0,T,data,,
0.3,100,T,data,,
0.4,0,T,data,,
0.4,0.1,B,blocked,,' ooo
}

@test "ooo: each stretch that a filled hole releases has waited since it came itself" {
	make_packets 'data 0.10 0 1 1' 'data 0.20 0 101 301' 'data 0.25 0 201 401' 'data 0.30 0 301 301' \
		'data 0.40 1 1 101' 'data 0.50 1 101 201'
	was=$(mptcp-series --no-header ooo x.csv | grep blocked | cut -d , -f 1-3)
	[ "$was" = "0.500000000,0.300000000,$B"$'\n'"0.500000000,0.250000000,$B" ] || { echo "$was"; return 1; }
}

@test "ooo: a hole that is filled in two steps blocks once, until it is whole" {
	make_connection
	# 301 before 101 before 201
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == 6 { $at["dsn"] = 301 } $1 == 8 { $at["dsn"] = 101 } { print }' x.csv >steps.csv
	run_ok mptcp-series --no-header ooo steps.csv
	[ "$(grep -c blocked <<<"$output")" -eq 1 ]
	[ "$(grep blocked <<<"$output")" = "0.400000000,0.200000000,$B,blocked,," ] || fail_run blocked
}

@test "interarrival: times between packets that follow one another by DSN" {
	is '-0.1,1,A,cdf,,
0.1,0.5,B,cdf,,
0.2,1,B,cdf,,' interarrival --cdf
	is '0.1,1,A,cdf,,
0.1,1,B,cdf,,' interarrival --dack --cdf
}

@test "interarrival: of data that was sent twice the first copy counts, wherever the second begins and ends" {
	make_packets 'data 0.10 0 1 1' 'data 0.20 1 1 201' \
		'packet 0.30 0 > 0x0010 101 1 150 dsn=51 dsn_raw=5051' 'data 0.40 0 251 301'
	was=$(mptcp-series --no-header interarrival --cdf x.csv)
	# 101 to 200 come at 0.3, 201 to 300 at 0.2, 301 to 400 at 0.4
	[ "$was" = "0.200000000,1,$A,cdf,,
-0.100000000,1,$B,cdf,," ] || { echo "$was"; return 1; }
}

@test "xinterarrival: only where the subflow changes" {
	is '-0.1,1,A,cdf,,
0.1,1,B,cdf,,' xinterarrival --cdf
}

@test "a histogram has the bins asked for, the same for each line, and counts each sample once" {
	is '-0.025,1,A,bar,,
0.125000001,0,A,bar,,
-0.025,0,B,bar,,
0.125000001,2,B,bar,,' interarrival --bins 2
}

@test "dss_len: each mapping once, whatever is sent again" {
	is '100,2,A,bar,,
100,3,B,bar,,' dss_len
}

@test "dss and dss_len: the MP_CAPABLE with the first data is a mapping" {
	local capable=1e1601010102030405060708111213141516171800fa
	make_packets "packet 0.10 0 > 0x0018 1 1 100 subtype=MP_CAPABLE options=$capable dsn=1 dsn_raw=5001" \
		"packet 0.11 0 > 0x0018 1 1 100 subtype=MP_CAPABLE options=$capable dsn=1 dsn_raw=5001 retransmission=1" \
		'packet 0.20 0 > 0x0010 101 1 150 dsn=101 dsn_raw=5101'
	[ "$(mptcp-series --no-header dss_len x.csv)" = "250,1,$A,bar,," ]
	was=$(mptcp-series --no-header dss x.csv | head -n 1)
	[ "$was" = "0.100000000,1,$A,data,251," ] || { echo "$was"; return 1; }
}

@test "dss: mappings from DSN to DSN + length, retransmissions and reinjections, joins" {
	is '0.1,1,A,data,101,
0.3,301,A,data,401,
0.15,101,B,event,,MP_JOIN 2
0.2,101,B,data,201,
0.4,201,B,data,301,
0.6,301,B,reinjection,401,
0.7,201,B,retransmission,301,' dss
}

@test "dss --dack: with DATA_ACKs, on the subflow they came over" {
	is '0.1,1,A,data,101,
0.25,101,A,ack,,
0.3,301,A,data,401,
0.45,401,A,ack,,
0.15,101,B,event,,MP_JOIN 2
0.2,101,B,data,201,
0.35,201,B,ack,,
0.4,201,B,data,301,
0.6,301,B,reinjection,401,
0.7,201,B,retransmission,301,' dss --dack
}

@test "seq: segments, acknowledgements and the edge of the window" {
	is '0.2,1,B,data,101,
0.35,101,B,ack,,
0.35,1101,B,window,,
0.4,101,B,data,201,
0.5,201,B,ack,,
0.5,1201,B,window,,
0.6,201,B,reinjection,301,
0.7,101,B,retransmission,201,' seq -d server --skip 0
}

@test "seq_sf: what each subflow carried, what came again elsewhere, and what it took over" {
	is '0,1,A,data,101,
0,301,A,data,401,
0,301,A,cause,401,
1,101,B,data,401,
1,301,B,reinjection,401,' seq_sf
}

@test "seq_sf: data under new sequence numbers of its own subflow is a reinjection, a zero-window probe is none" {
	make_packets 'packet 0.00 0 > 0x0002 0 - 0 subtype=MP_CAPABLE' 'data 0.10 0 1 1' 'data 0.20 0 101 1' 'ack 0.30 0 201 101' \
		'packet 0.40 0 > 0x0018 201 1 1 dsn=100 subtype=DSS datafin=0'
	run_ok mptcp-series --no-header seq_sf x.csv
	diff -u --label expected --label printed <(printf '%s\n' "0,1,$A,data,101," "0,1,$A,cause,101," "0,1,$A,reinjection,101,") \
		- <<<"$output"
	[ "$(mptcp-series --no-header gput -w 1 x.csv | head -n 1)" = "0.000000000,800,total > server,sum,," ]
}

@test "seq_sf: what a subflow sends again of its own is no reinjection, whoever sent it in between" {
	make_connection
	before=$(mptcp-series seq_sf x.csv)
	awk -F, -v OFS=, '{ print } $1 == 8 { $1 = 15; $2 = "1000.8"; $3 = "0.8"; again = $0 } END { print again }' \
		x.csv >again.csv
	[ "$(mptcp-series seq_sf again.csv)" = "$before" ]
}

@test "dss_len: a DATA_FIN is not counted" {
	make_connection
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == 8 { $at["datafin"] = 1; $at["dss_length"] = 101 } { print }' x.csv >fin.csv
	[ "$(mptcp-series dss_len fin.csv)" = "$(mptcp-series dss_len x.csv)" ]
	mptcp-series dss fin.csv | grep -q "^0.300000000,401,$A,event,,DATA_FIN\$"
}

@test "reinject: the time from the first copy to the reinjection" {
	is '0.3,1,B,cdf,,' reinject
}

@test "attr: columns as they are, a line for each" {
	is '0.25,101,10.0.0.9:80 > 10.0.0.1:1000 dack,value,,
0.45,401,10.0.0.9:80 > 10.0.0.1:1000 dack,value,,
0.35,201,10.0.0.9:80 > 10.0.1.1:1001 dack,value,,
0.5,401,10.0.0.9:80 > 10.0.1.1:1001 dack,value,,' attr dsn dack 0 -d client
}

@test "attr: without a column, with one that is no number, with none of that name: status 2" {
	run_status 2 mptcp-series attr
	says 'missing COLUMN'
	run_status 2 mptcp-series attr ipsrc x.csv
	says "column 'ipsrc' is not numeric"
	run_status 2 mptcp-series attr nothing x.csv
	says "operand 'nothing' is not a column"
}

@test "--skip leaves a subflow out as if not captured; -t takes only one" {
	make_connection
	run_ok mptcp-series tput -w 1 --no-header --skip 1 x.csv
	[ "${lines[0]}" = '0.000000000,1600,total > server,sum,,' ]
	[ "$output" = "$(mptcp-series tput -w 1 --no-header -t 0 x.csv)" ]
	run_status 1 mptcp-series tput --skip 1 --skip 0 x.csv
}

@test "--from and --to choose what is shown; what came before is known" {
	make_connection
	shown() { mptcp-series --no-header "$@" --from 0.4 --to 0.6 x.csv | cut -d , -f 1,2,4; }
	[ "$(shown rtt)" = "$(mptcp-series --no-header rtt x.csv | cut -d , -f 1,2,4 | grep '^0.4\|^0.5')" ]
	[ "$(shown acksize)" = 0.450000000,200,ack ]
	[ "$(shown ooo)" = $'0.400000000,0,data\n0.400000000,0.100000000,blocked' ]
	[ "$(shown seq_sf)" = 1,201,data ]
	[ "$(shown interarrival --cdf)" = 0.200000000,1,cdf ]
	[ "$(shown gput -w 0.1 -t 1 | grep -v ',0,')" = $'0.400000000,8000,sum\n0.400000000,8000,data' ]
	[ "$(shown gput -w 0.1 | cut -d , -f 1 | sort -u)" = $'0.400000000\n0.500000000' ]
	# the first point of a level says what it is
	[ "$(shown flight | head -n 1)" = 0.400000000,300,data ] || shown flight
	# periods that follow each other have all points
	[ "$(for part in '--to 0.25' '--from 0.25 --to 0.5' '--from 0.5'; do
		# shellcheck disable=SC2086 # several words
		mptcp-series --no-header seq $part x.csv; done | sort)" = "$(mptcp-series --no-header seq x.csv | sort)" ]
	run_status 1 mptcp-series tput --from 5 x.csv
}

@test "-d client: only data that goes to the client" {
	make_connection
	run_status 1 mptcp-series tput -d client x.csv
	run_ok mptcp-series tput -d server x.csv
}

@test "several connections: totals are told apart by number" {
	make_connection
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
		{ $column["tcpstream"] += 2; $column["mptcpstream"] = 1; print }' x.csv >>x.csv.more
	cat x.csv.more >>x.csv
	run_ok mptcp-series tput --no-header x.csv
	[[ $output == *'connection 0 > server'*'connection 1 > server'* ]]
	# the same 4-tuple in both
	[[ $output == *"$A (TCP stream 2)"* ]]
	run_ok mptcp-series tput --no-header 1 x.csv
	[[ $output == *'total > server'* && $output != *'TCP stream'* ]]
}

@test "x ascends within each line of every series" {
	while IFS=$'\t' read -r name _; do
		[ "$name" != ns3 ] && [ "$name" != owd ] || continue # they read something else
		columns=()
		[ "$name" != attr ] || columns=(tcpseq rwnd)
		run mptcp-series --no-header "$name" "${columns[@]}" "$DEMO"
		[ "$status" -eq 0 ] || fail_run "$name"
		awk -F, '{ if ($3 in at && $1 + 0 < at[$3] + 0 || $3 in at && $3 != before) exit 1
			at[$3] = $1; before = $3 }' <<<"$output" || fail_run "$name: not in order"
	done < <(mptcp-series --list)
}

@test "ns3: attributes of a node and its subflows over time" {
	run_ok mptcp-series ns3 "$ROOT/examples/ns3" 0 cwnd state
	[ "${lines[1]}" = '0.000000000,2800,0_TcpNetDev0_meta cwnd,value,,' ]
	# a state is its number
	grep -qx '0.000000000,2,0_TcpNetDev0_subflow0 state,value,,' <<<"$output"
	[ "$(cut -d , -f 3 <<<"$output" | sort -u | wc -l)" -eq 7 ]
	rows=$(cat "$ROOT"/examples/ns3/0_*.csv | grep -vc Time)
	[ "$(wc -l <<<"$output")" -eq $((2 * rows + 1)) ]
}

@test "ns3: node 1 has none of the files of node 10; times with a unit; what is wrong is named" {
	mkdir traces
	printf 'Time,cwnd\n+1500000.0ns,10\n2,\n' >traces/1_meta.csv
	printf 'Time,cwnd\n1,99\n' >traces/10_meta.csv
	run_ok mptcp-series --no-header ns3 traces 1 cwnd
	[ "$output" = '0.001500000,10,1_meta cwnd,value,,' ] || fail_run rows
	run_status 2 mptcp-series ns3 traces 1 ssThresh
	says "attribute 'ssThresh': not in any file of node '1'"
	run_status 2 mptcp-series ns3 traces 2 cwnd
	says "node '2': no 2*meta*.csv"
	printf 'Time,cwnd\n1,many\n' >traces/1_subflow.csv
	run_status 3 mptcp-series ns3 traces 1 cwnd
	says "traces: 1_subflow.csv: line 2: 'many' is not a number or TCP state"
	run_status 5 mptcp-series ns3 nowhere 1 cwnd
	says 'nowhere: '
	run_status 2 mptcp-series ns3 traces 1
	says 'ns3: missing FOLDER, NODE or ATTRIBUTE'
}

@test "--list: name, axes with units, meaning and options of each series" {
	run_ok mptcp-series --list
	[ "${#lines[@]}" -ge 16 ]
	[ "$(awk -F '\t' 'NF != 7' <<<"$output")" = '' ]
	[[ $output == *$'\n'tput$'\t'time$'\t's$'\t'throughput$'\t'bit/s$'\t'*$'\t''window stacked'$'\n'* ]]
	[ "$(cut -f 1 <<<"$output" | sort -c 2>&1)" = '' ]
}

@test "a series that there is not, and an option that a series does not take: status 2" {
	run_status 2 mptcp-series
	says 'missing NAME of a series'
	run_status 2 mptcp-series nothing
	says "unknown series 'nothing'"
	run_status 2 mptcp-series rtt -w 3
	says 'option --window: not an option of rtt'
	run_status 2 mptcp-series tput -w 0
	says "option --window: '0' is not a number of seconds"
	run_status 2 mptcp-series rtt --by night
	says "option --by: 'night' is not ack, departure or dsn"
	run_status 2 mptcp-series reinject --bins 0
	says "option --bins: '0' is not a number from 1 to 100000"
}

@test "a program mptcp-series-NAME in PATH or the user's folder is a series" {
	mkdir -p plugins "$XDG_DATA_HOME/mptcp/commands"
	# shellcheck disable=SC2016 # for the plugins
	printf '#!/bin/sh\necho "mine $*"\n' | tee plugins/mptcp-series-mine >"$XDG_DATA_HOME/mptcp/commands/mptcp-series-other"
	chmod +x plugins/mptcp-series-mine "$XDG_DATA_HOME/mptcp/commands/mptcp-series-other"
	PATH=$PATH:$PWD/plugins run_ok mptcp-series mine -x 0 'a b'
	[ "$output" = 'mine -x 0 a b' ]
	run_ok mptcp-series other
	[ "$output" = 'mine ' ]
	# it cannot take the place of one of ours
	cp plugins/mptcp-series-mine plugins/mptcp-series-tput
	PATH=$PATH:$PWD/plugins run_status 5 mptcp-series tput nowhere
}

@test "-f json and table" {
	make_connection
	run_ok mptcp-series -f json acksize x.csv
	[ "${lines[0]}" = "{\"x\":0.250000000,\"y\":100,\"series\":\"$A\",\"kind\":\"ack\",\"y2\":null,\"label\":null}" ] ||
		fail_run json
	run_ok mptcp-series -f table acksize x.csv
	[[ ${lines[0]} =~ ^\ *x\ +y\ +series\ +kind\ +y2\ +label ]] || fail_run table
}

@test "a file, - and standard input are the same input; the ID is an operand or -m; -o is standard output" {
	make_connection
	mptcp-series ooo 0 x.csv >named
	[ -s named ]
	mptcp-series ooo 0 - <x.csv | cmp - named
	mptcp-series ooo 0 <x.csv | cmp - named
	mptcp-series ooo -m 0 x.csv | cmp - named
	mptcp-series ooo -o result x.csv
	cmp result named
	mptcp-series ooo --delimiter tab <(tr , '\t' <x.csv) | tr '\t' , | cmp - named
}

@test "no such connection, no packets: the header alone and status 1" {
	make_connection
	run_status 1 mptcp-series tput 7 x.csv
	[ "$output" = x,y,series,kind,y2,label ]
	head -n 1 x.csv >empty.csv
	run_status 1 mptcp-series tput empty.csv
	[ "$output" = x,y,series,kind,y2,label ]
}

@test "bad input, and output that cannot be written, are told" {
	make_connection
	run_status 5 mptcp-series tput nowhere
	says 'mptcp-series: nowhere: '
	run_status 5 mptcp-series tput nowhere either
	says 'mptcp-series: either: '
	mptcp-export --columns reltime,ipsrc,ipdst,sport,dport,tcpstream x.csv >narrow.csv
	run_status 3 mptcp-series tput narrow.csv
	says "narrow.csv: no column '"
	# what came before the fault is present
	{ head -n 5 x.csv && echo garbage; } >cut.csv
	run_status 3 mptcp-series tput cut.csv
	says 'cut.csv: line 6: '
	[ "${#lines[@]}" -gt 1 ]
	run_status 5 bash -c 'mptcp-series tput x.csv >/dev/full'
	says 'mptcp-series: standard output: '
	run --separate-stderr bash -c 'mptcp-series attr dsn x.csv | true'
	[ -z "$stderr" ]
}

@test "rtt: the least time on each link is its delay to and fro" {
	need_file "$SHARED/captures/owd_asymmetric.truth.json"
	cp "$SHARED"/captures/owd_asymmetric.* .
	run_ok mptcp-series --no-header rtt -d client 0 owd_asymmetric.server.pcap
	python3 - owd_asymmetric.truth.json 3<<<"$output" <<'END'
import csv, json, os, sys
links = [sum(link["delay_us"]) / 1e6 for link in json.load(open(sys.argv[1]))["topology"]["links"]]
least = {}
for x, y, series, kind, _, _ in csv.reader(os.fdopen(3)):
    if kind in ("ack", "timestamp"):
        least.setdefault((kind, series), []).append(float(y))
assert len(least) == 2 * len(links), least
for kind in "ack", "timestamp":
    measured = sorted(min(y) for (k, s), y in least.items() if k == kind)
    for was, is_ in zip(sorted(links), measured):
        assert was <= is_ < was + 0.002, (kind, was, is_)
END
}

@test "owd: the time of the other series, of the first capture" {
	mptcp-export -q -o b.csv "$CAPTURES/multi2_paced.server.pcap"
	# the client's capture began 5 s earlier than its first segment
	mptcp-export -q "$CAPTURES/multi2_paced.client.pcap" | awk -F, -v OFS=, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 { $at["reltime"] = sprintf("%.9f", $at["reltime"] + 5) } { print }' >a.csv
	peer=$(mptcp-series --list-options | cut -f 2 | grep -x peer || true)
	run_ok mptcp-series --no-header owd -d server a.csv ${peer:+"--$peer"} b.csv
	sent=$(mptcp-series --no-header attr tcpseq -d server a.csv | cut -d , -f 1 | sort)
	[ "$(cut -d , -f 1 <<<"$output" | sort | head -n 5)" = "$(head -n 5 <<<"$sent")" ] || fail_run "$sent"
	[ "$(mptcp-series --no-header owd -d server --from 5.2 --to 5.3 a.csv ${peer:+"--$peer"} b.csv 2>err)" = \
		"$(awk -F, '$1 >= 5.2 && $1 < 5.3' <<<"$output")" ]
}

@test "tput sums to the payload and gput to the data that mptcp-ls and mptcp-lc count; shares sum to 1" {
	need_file "$SHARED/captures/loss.client.pcap"
	for name in loss pathfail_heals fallback_strip_midway multi3_both; do
		file=$SHARED/captures/$name.client.pcap
		sums=$(mptcp-ls "$file" | awk -F, 'NR > 1 { c += $16; s += $15 } END { print c + 0, s + 0 }')
		unique=$(mptcp-lc "$file" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			{ c += $at["bytes_to_client"]; s += $at["bytes_to_server"] } END { print c + 0, s + 0 }')
		for series in tput gput; do
			for kind in sum data; do
				was=$(for to in client server; do mptcp-series "$series" -d "$to" -w 0.125 "$file" |
					awk -F, -v kind="$kind" '$4 == kind { sum += $2 } END { printf "%.0f ", sum / 64 }'; done)
				[ "$series" = tput ] && is=$sums || is=$unique
				[ "$was" = "$is " ] || { echo "$name $series $kind: $was, expected $is"; return 1; }
			done
		done
		mptcp-series share -d client "$file" | awk -F, 'NR > 1 { sum[$1] += $2 }
			END { for (x in sum) if (sum[x] != 0 && (sum[x] < 0.999999 || sum[x] > 1.000001)) exit 1
				exit !length(sum) }'
	done
}

@test "ooo: nothing waits in a capture that is in order" {
	need_file "$SHARED/captures/single_dl.server.pcap"
	run_ok mptcp-series --no-header ooo "$SHARED/captures/single_dl.server.pcap"
	[ -z "$(awk -F, '$2 != 0' <<<"$output")" ] || fail_run 'something waits'
}

@test "acksize sums to the bytes of the application" {
	need_file "$SHARED/captures/multi2_dl.server.pcap"
	file=$SHARED/captures/multi2_dl.server.pcap
	was=$(mptcp-series acksize "$file" | awk -F, 'NR > 1 { sum += $2 } END { print sum }')
	is=$(mptcp-lc "$file" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["bytes_to_client"] + $at["bytes_to_server"] }')
	[ "$was" = "$is" ] || { echo "$was, expected $is"; return 1; }
}
