/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-hello: packets per subflow; an example of a command of your own, see mptcp(1).
 *
 *	cc -o mptcp-hello mptcp-hello.c $(pkg-config --cflags --libs mptcp)
 *
 * With the program in PATH or in ~/.local/share/mptcp/commands: mptcp hello x.pcap
 */
#include <mptcp/mptcp.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const struct mptcp_error *error)
{
	fprintf(stderr, "mptcp-hello: %s\n", error->text);
	return (int)error->status;
}

int main(int argc, char **argv)
{
	uint64_t *packets = NULL, count = 0, stream; /* packets by tcpstream, from 0 on */
	struct mptcp_error error;
	enum mptcp_result result;

	struct mptcp_reader *reader = mptcp_reader_open(argc > 1 ? argv[1] : "-", &error);
	if (!reader)
		return fail(&error);
	int subflow = mptcp_reader_column(reader, "tcpstream");
	int connection = mptcp_reader_column(reader, "mptcpstream");
	while ((result = mptcp_reader_next(reader, &error)) > MPTCP_END) {
		/* plain TCP has no mptcpstream */
		if (!mptcp_reader_has(reader, connection) ||
			!mptcp_reader_number(reader, subflow, &stream))
			continue;
		if (stream >= count &&
			!(packets = realloc(packets, (stream + 1) * sizeof(*packets))))
			return MPTCP_IO;
		while (count <= stream)
			packets[count++] = 0;
		packets[stream]++;
	}
	puts("tcpstream,packets");
	for (stream = 0; stream < count; stream++)
		if (packets[stream])
			printf("%" PRIu64 ",%" PRIu64 "\n", stream, packets[stream]);
	free(packets);
	mptcp_reader_close(reader);
	if (fflush(stdout))
		return MPTCP_IO;
	return result == MPTCP_FAILED ? fail(&error) : MPTCP_DONE;
}
