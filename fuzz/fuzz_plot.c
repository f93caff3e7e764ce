/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of a plot: every member is text of one line, and its ranges are numbers or not there. */
#include "fuzz.h"
#include "plot.h"

static char folder[] = "/dev/shm/fuzz-XXXXXX";

static void remove_folder(void)
{
	rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct mptcp_plot_places places;
	struct mptcp_error error = {0};
	struct mptcp_plot plot;
	char path[48];

	if (!places.count) {
		REQUIRE(mkdtemp(folder) && !atexit(remove_folder));
		mptcp_buffer_add_string(&places.folders[0], folder);
		places.count = 1;
	}
	snprintf(path, sizeof(path), "%s/x.gp", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file && fwrite(bytes, 1, size, file) == size);
	fclose(file);
	if (!mptcp_plot_load(&plot, &places, "x", &error)) {
		REQUIRE(!strcmp(plot.name, "x") && *plot.series);
		REQUIRE(!strchr(plot.title, '\n') && !strchr(plot.series, '\n'));
		REQUIRE(plot.text[strlen(plot.text) - 1] == '\n');
		mptcp_plot_clear(&plot);
	} else {
		REQUIRE(error.status == MPTCP_DATA || error.status == MPTCP_USAGE);
	}
	unlink(path);
	return 0;
}
