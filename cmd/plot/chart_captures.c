/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chart_captures: the captures of a series of several, and the names of their lines; see chart.h.
 */
#include "chart.h"

#include "array.h"
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

static bool is_of(const struct mptcp_chart_capture *capture, const struct mptcp_text *name)
{
	return strlen(capture->name) == name->length &&
		!memcmp(capture->name, name->bytes, name->length);
}

/* "blest 3" */
static char *join(const struct mptcp_text *labels, size_t count)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	for (size_t i = 0; i < count; i++) {
		if (text.length && labels[i].length)
			mptcp_buffer_add_char(&text, ' ');
		mptcp_buffer_add(&text, labels[i].bytes, labels[i].length);
	}
	return mptcp_buffer_take(&text);
}

size_t mptcp_chart_add_capture(struct mptcp_chart *chart, const struct mptcp_text *name,
	const struct mptcp_text *labels, size_t count)
{
	/* rows of a capture follow each other */
	for (size_t i = chart->capture_count; i; i--)
		if (is_of(&chart->captures[i - 1], name))
			return i;
	struct mptcp_chart_capture *captures = mptcp_array_append(chart->captures,
		&chart->capture_count, &chart->capture_capacity, sizeof(*captures));
	if (!captures)
		return 0;
	chart->captures = captures;
	struct mptcp_chart_capture *capture = &captures[chart->capture_count - 1];
	capture->name = strndup(name->bytes, name->length);
	capture->label = join(labels, count);
	return capture->name && capture->label ? chart->capture_count : 0;
}

/* Whether each capture has labels, and no two have the same. */
static bool labels_differ(const struct mptcp_chart *chart)
{
	for (size_t i = 0; i < chart->capture_count; i++) {
		if (!*chart->captures[i].label)
			return false;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(chart->captures[i].label, chart->captures[j].label))
				return false;
	}
	return true;
}

/* Whether a capture has a line beside this one; the lines are in order of captures. */
static bool has_company(const struct mptcp_chart_line *line)
{
	const struct mptcp_chart_line *before = line->hh.prev, *after = line->hh.next;

	return (before && before->capture == line->capture) ||
		(after && after->capture == line->capture);
}

int mptcp_chart_name_captures(struct mptcp_chart *chart)
{
	bool by_label = labels_differ(chart);

	for (struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next) {
		struct mptcp_buffer name = MPTCP_BUFFER_INIT;

		if (!line->capture)
			continue;
		const struct mptcp_chart_capture *capture = &chart->captures[line->capture - 1];
		mptcp_buffer_add_string(&name, by_label ? capture->label : capture->name);
		if (has_company(line))
			mptcp_buffer_format(&name, ": %s", line->name);
		char *text = mptcp_buffer_take(&name);
		if (!text)
			return -1;
		free(line->name);
		line->name = text;
	}
	return 0;
}
