/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration file: every key has a value and an origin, or it is an error with its line. */
#include "config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer warnings = MPTCP_BUFFER_INIT;
	struct mptcp_error error = {0};
	char path[32];
	uint64_t number;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fuzz_file(0, bytes, size));
	struct mptcp_config *config = mptcp_config_load(path, &warnings, &error);
	for (size_t i = 0; config && i < mptcp_config_key_count; i++) {
		REQUIRE(mptcp_config_get(config, mptcp_config_keys[i].name));
		REQUIRE(*mptcp_config_origin(config, mptcp_config_keys[i].name));
		mptcp_config_size(mptcp_config_get(config, mptcp_config_keys[i].name), &number);
	}
	if (!config)
		REQUIRE(error.status == MPTCP_DATA && *error.text);
	mptcp_config_free(config);
	mptcp_buffer_clear(&warnings);
	return 0;
}
