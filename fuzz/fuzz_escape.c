/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever the bytes, a terminal gets nothing that it obeys, and what was escaped once stays as it
 * is. */
#include "escape.h"
#include "fuzz.h"

/* No C0, DEL, C1 or overrides of direction; all of it UTF-8 (checked by what is done again). */
static bool is_harmless(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0; i < length; i++) {
		if (at[i] < 0x20 || at[i] == 0x7f)
			return false;
		if (at[i] == 0xc2 && i + 1 < length && at[i + 1] < 0xa0)
			return false;
		if (at[i] == 0xd8 && i + 1 < length && at[i + 1] == 0x9c)
			return false;
		if (at[i] == 0xe2 && i + 2 < length && at[i + 1] == 0x80 &&
			((at[i + 2] >= 0xa8 && at[i + 2] <= 0xae) || at[i + 2] == 0x8e ||
				at[i + 2] == 0x8f))
			return false;
		if (at[i] == 0xe2 && i + 2 < length && at[i + 1] == 0x81 && at[i + 2] >= 0xa6 &&
			at[i + 2] <= 0xa9)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct mptcp_buffer once = MPTCP_BUFFER_INIT, twice = MPTCP_BUFFER_INIT;

	mptcp_buffer_reset(&once);
	mptcp_buffer_reset(&twice);
	size_t width = mptcp_escape_shown(&once, (const char *)bytes, size);

	REQUIRE(width <= size && once.length <= size + 3 * size);
	REQUIRE(is_harmless(once.bytes, once.length));
	REQUIRE(mptcp_escape_shown(&twice, once.bytes, once.length) == width);
	REQUIRE(once.length == twice.length && !memcmp(once.bytes, twice.bytes, once.length));
	if (!memchr(bytes, '\0', size)) {
		char *line = malloc(size + 1);

		memcpy(line, bytes, size);
		line[size] = '\0';
		mptcp_escape_line(line);
		REQUIRE(!strcmp(line, once.bytes));
		free(line);
	}
	mptcp_buffer_reset(&once);
	mptcp_escape_json(&once, (const char *)bytes, size);
	REQUIRE(once.length >= 2 && once.bytes[0] == '"' && once.bytes[once.length - 1] == '"');
	for (size_t i = 0; i < once.length; i++)
		REQUIRE((unsigned char)once.bytes[i] >= 0x20);
	mptcp_escape_is_json_number((const char *)bytes, size);
	return 0;
}
