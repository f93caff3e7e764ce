/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a host: what is read is the same after it is written as nstat and as JSON. */
#include "actual.h"
#include "fuzz.h"

#include <inttypes.h>

static void check_same(const struct mptcp_actual *actual, const char *before, const char *after)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_actual again = {0};
	struct mptcp_error error;

	for (size_t i = 0; i < actual->count; i++)
		mptcp_buffer_format(&text, "%sMPTcpExt%s%s%" PRId64 "\n", before,
			actual->values[i].name, after, actual->values[i].value);
	REQUIRE(!mptcp_actual_read(&again, text.bytes, &error));
	REQUIRE(again.count == actual->count);
	for (size_t i = 0; i < actual->count; i++) {
		const struct mptcp_actual_value *one = &actual->values[i],
						*other = &again.values[i];

		REQUIRE(!strcmp(one->name, other->name) && one->value == other->value);
		REQUIRE(one->counter == other->counter);
		REQUIRE(one->counter < 0 ||
			mptcp_actual_find(actual, (enum mptcp_counter)one->counter) == one);
	}
	mptcp_actual_clear(&again);
	mptcp_buffer_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_actual actual = {0};
	struct mptcp_error error = {0};

	/* the prefix is long for a fuzzer: '@' stands for it */
	for (size_t i = 0; i < size && bytes[i]; i++)
		if (bytes[i] == '@')
			mptcp_buffer_add_string(&text, "MPTcpExt");
		else
			mptcp_buffer_add_char(&text, (char)bytes[i]);
	if (!mptcp_actual_read(&actual, text.length ? text.bytes : "", &error)) {
		REQUIRE(actual.count);
		check_same(&actual, "", " \t");
		check_same(&actual, "\"", "\":");
	} else {
		REQUIRE(error.status == MPTCP_DATA);
	}
	mptcp_actual_clear(&actual);
	mptcp_buffer_clear(&text);
	return 0;
}
