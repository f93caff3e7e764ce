/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "escape.h"

#include <string.h>

/* The bytes of the UTF-8 character at `at`; 0 where there is none. */
static size_t character(const unsigned char *at, const unsigned char *end)
{
	size_t length = *at < 0x80 ? 1
		: *at < 0xc2       ? 0
		: *at < 0xe0       ? 2
		: *at < 0xf0       ? 3
		: *at < 0xf5       ? 4
				   : 0;

	if (length > (size_t)(end - at))
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, beyond U+10FFFF. */
	if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) ||
		(*at == 0xf0 && at[1] < 0x90) || (*at == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

static unsigned code_of(const unsigned char *at, size_t length)
{
	unsigned code = length == 1 ? *at : *at & (0x7fU >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (at[i] & 0x3fU);
	return code;
}

/* What a terminal obeys: see escape.h. */
static bool is_control(const unsigned char *at, size_t length)
{
	unsigned code = code_of(at, length);

	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
		(code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2066 && code <= 0x2069);
}

/* Most cells are: no control character, nothing beyond ASCII, nothing that JSON escapes. */
static bool is_plain(const char *text, size_t length)
{
	bool plain = true;

	for (size_t i = 0; i < length; i++)
		plain &= text[i] >= ' ' && text[i] < 0x7f && text[i] != '"' && text[i] != '\\';
	return plain;
}

size_t mptcp_escape_shown(struct mptcp_buffer *to, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + length;
	size_t width = 0;

	if (is_plain(text, length)) {
		mptcp_buffer_add(to, text, length);
		return length;
	}
	for (size_t step; at < end; at += step, width++) {
		step = character(at, end);
		if (step == 0 || is_control(at, step)) {
			mptcp_buffer_add_char(to, '?');
			step += step == 0;
		} else {
			mptcp_buffer_add(to, at, step);
		}
	}
	return width;
}

void mptcp_escape_line(char *text)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);

	for (size_t step; at < end; at += step) {
		step = character(at, end);
		if (step == 0 || is_control(at, step)) {
			*text++ = '?';
			step += step == 0;
		} else {
			memmove(text, at, step);
			text += step;
		}
	}
	*text = '\0';
}

void mptcp_escape_json(struct mptcp_buffer *to, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + length;

	mptcp_buffer_add_char(to, '"');
	if (is_plain(text, length)) {
		mptcp_buffer_add(to, text, length);
		at = end;
	}
	for (size_t step; at < end; at += step) {
		step = character(at, end);
		if (step == 0) {
			mptcp_buffer_add_string(to, "\\ufffd");
			step = 1;
		} else if (is_control(at, step)) {
			mptcp_buffer_format(to, "\\u%04x", code_of(at, step));
		} else {
			if (*at == '"' || *at == '\\')
				mptcp_buffer_add_char(to, '\\');
			mptcp_buffer_add(to, at, step);
		}
	}
	mptcp_buffer_add_char(to, '"');
}

static size_t digits(const char *at, const char *end)
{
	size_t count = 0;

	while (at + count < end && at[count] >= '0' && at[count] <= '9')
		count++;
	return count;
}

bool mptcp_escape_is_json_number(const char *text, size_t length)
{
	const char *at = text, *end = text + length;

	at += at < end && *at == '-';
	size_t whole = digits(at, end);
	if (whole == 0 || (whole > 1 && *at == '0'))
		return false;
	at += whole;
	if (at == end)
		return true;
	return *at++ == '.' && at < end && digits(at, end) == (size_t)(end - at);
}

int mptcp_escape_word(struct mptcp_buffer *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+./:,@%=";

	if (*word && strspn(word, plain) == strlen(word))
		return mptcp_buffer_add_string(out, word);
	mptcp_buffer_add_char(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			mptcp_buffer_add_string(out, "'\\''");
		else
			mptcp_buffer_add_char(out, *word);
	return mptcp_buffer_add_char(out, '\'');
}
