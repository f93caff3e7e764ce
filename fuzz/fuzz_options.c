/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP options as on the wire, and as the column `options` has them: written and read, they are the
 * same. */
#include "fuzz.h"
#include "options.h"

/* The bytes as the column has them, every option by itself. */
static size_t write_text(char *text, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return 2 * size;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_options options, again;
	uint8_t read[40];
	char text[81];
	unsigned flags = size ? bytes[0] : 0;
	int length = mptcp_options_from_text(read, (const char *)bytes, size);

	REQUIRE(length >= -1 && length <= 40);
	if (!size)
		return 0;
	bytes++;
	size = size - 1 > 40 ? 40 : size - 1;
	mptcp_options_parse(&options, bytes, size, flags);
	REQUIRE(options.count <= MPTCP_OPTIONS_MAX);
	REQUIRE(options.malformed_count <= MPTCP_MALFORMED_MAX && options.sack_count <= 4);
	for (size_t i = 0; i < options.count; i++) {
		const struct mptcp_option_value *value = &options.values[i];

		REQUIRE(options.subtypes >> value->subtype & 1);
		REQUIRE(mptcp_options_find(&options, value->subtype)->subtype == value->subtype);
	}
	/* a text that is all of them in one piece gives the same bytes, if it is taken */
	length = mptcp_options_from_text(read, text, write_text(text, bytes, size));
	if (length >= 0) {
		REQUIRE((size_t)length >= size && !memcmp(read, bytes, size));
		mptcp_options_parse(&again, read, size, flags);
		REQUIRE(again.count == options.count && again.subtypes == options.subtypes);
		REQUIRE(again.malformed_count == options.malformed_count);
	}
	mptcp_options_cut(&options);
	REQUIRE(options.cut && options.count <= MPTCP_OPTIONS_MAX);
	return 0;
}
