/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A template of labels and a path: every value is a part of the path. */
#include "fuzz.h"
#include "label.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 2);
	struct mptcp_text name, value;
	struct mptcp_error error;

	memcpy(text, bytes, size);
	text[size] = text[size + 1] = '\0';
	const char *path = text + strlen(text) + 1;
	if (path > text + size)
		path = text + size;
	struct mptcp_label_template *pattern = mptcp_label_template_new(text, &error);
	if (pattern) {
		size_t count = mptcp_label_count(pattern);
		struct mptcp_text *values = calloc(count + 1, sizeof(*values));

		if (!mptcp_label_match(pattern, path, values, &error))
			for (size_t i = 0; i < count; i++)
				REQUIRE(values[i].bytes >= path &&
					values[i].bytes + values[i].length <= path + strlen(path));
		free(values);
		mptcp_label_template_free(pattern);
	}
	for (const char *at = path; mptcp_label_next(&at, &name, &value);)
		REQUIRE(mptcp_label_is_name(name.bytes, name.length));
	free(text);
	return 0;
}
