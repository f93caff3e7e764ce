/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay: runs a harness over the files named, without libFuzzer: corpora, and inputs that failed
 * once. */
#include "fuzz.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		struct mptcp_buffer bytes = MPTCP_BUFFER_INIT;
		char part[4096];
		size_t got;

		if (!file) {
			perror(argv[i]);
			return 1;
		}
		while ((got = fread(part, 1, sizeof(part), file)))
			mptcp_buffer_add(&bytes, part, got);
		fclose(file);
		/* of its exact size, so that a byte too many is seen */
		uint8_t *exact = malloc(bytes.length + !bytes.length);
		memcpy(exact, bytes.bytes, bytes.length);
		fprintf(stderr, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput(exact, bytes.length);
		free(exact);
		mptcp_buffer_clear(&bytes);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
