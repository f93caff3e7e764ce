/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the shell: what is quoted is read back as one word, by itself and by the shell. */
#include "fuzz.h"
#include "escape.h"
#include "shell_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer quoted = MPTCP_BUFFER_INIT, back = MPTCP_BUFFER_INIT;
	struct shell_words_end end;
	struct shell_words words;
	struct mptcp_error error;
	char *word = malloc(size + 1);

	memcpy(word, bytes, size);
	word[size] = '\0';
	size = strlen(word);
	for (size_t i = 0; i <= size && i < 8; i++) {
		shell_words_look(word, size - i, &end);
		REQUIRE(end.command <= size - i && end.word <= size - i);
	}
	REQUIRE(!shell_words_unquote(&back, word, size) && back.length <= size);
	mptcp_buffer_reset(&back);
	REQUIRE(!mptcp_escape_word(&quoted, word));
	REQUIRE(!shell_words_unquote(&back, quoted.bytes, quoted.length));
	REQUIRE(back.length == size && !memcmp(back.bytes, word, size));
	if (!shell_words_split(&words, quoted.bytes, &error)) {
		REQUIRE(words.argv.count == 1 && !strcmp(words.argv.items[0], word));
		shell_words_clear(&words);
	} else {
		REQUIRE(strchr(word, '\n')); /* a line has none */
	}
	mptcp_buffer_clear(&quoted);
	mptcp_buffer_clear(&back);
	free(word);
	return 0;
}
