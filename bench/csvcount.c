/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csvcount FILE: measures what libcsv alone needs to parse a file: cells are ignored, rows are
 * counted so that the result can be checked. The yardstick of row 5 of bench/run.
 */
#include <csv.h>
#include <stdio.h>

static void cell(void *text, size_t length, void *context)
{
	(void)text;
	(void)length;
	(void)context;
}

static void row(int terminator, void *context)
{
	unsigned long *rows = context;

	(void)terminator;
	++*rows;
}

int main(int argc, char **argv)
{
	static char block[1 << 18];
	struct csv_parser parser;
	unsigned long rows = 0;
	size_t length;
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!file || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI))
		return 2;
	while ((length = fread(block, 1, sizeof(block), file)) > 0)
		if (csv_parse(&parser, block, length, cell, row, &rows) != length)
			return 3;
	if (ferror(file) || csv_fini(&parser, cell, row, &rows))
		return 3;
	csv_free(&parser);
	fclose(file);
	printf("%lu\n", rows);
	return 0;
}
