/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "human.h"

#include "escape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A step of a unit: its name, how many of the base unit it is, and from how many of it on the next
 * step is used. */
struct step {
	const char *name;
	double size, most;
};

#define K 1000
static const struct step bytes[] = {{"B", 1, K}, {"kB", 1e3, K}, {"MB", 1e6, K}, {"GB", 1e9, K},
	{"TB", 1e12, K}, {"PB", 1e15, K}, {"EB", 1e18, INFINITY}};
static const struct step bits[] = {{"bit/s", 1, K}, {"kbit/s", 1e3, K}, {"Mbit/s", 1e6, K},
	{"Gbit/s", 1e9, K}, {"Tbit/s", 1e12, K}, {"Pbit/s", 1e15, K}, {"Ebit/s", 1e18, INFINITY}};
static const struct step seconds[] = {{"ns", 1e-9, K}, {"us", 1e-6, K}, {"ms", 1e-3, K},
	{"s", 1, 120}, {"min", 60, 120}, {"h", 3600, 48}, {"d", 86400, INFINITY}};
static const struct step percent[] = {{"%", 0.01, INFINITY}};

static const struct unit {
	const char *name;
	const struct step *steps;
	const char *zero; /* the step of 0 */
} units[] = {
	{"bytes", bytes, "B"},
	{"bps", bits, "bit/s"},
	{"s", seconds, "s"},
	{"share", percent, "%"},
};

static const struct unit *find_unit(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].name, name))
			return &units[i];
	return NULL;
}

/* As it will be written: with a decimal below 10, with none from there on. */
static double rounded(double number)
{
	return number < 9.95 ? floor(number * 10 + 0.5) / 10 : floor(number + 0.5);
}

static void add(struct mptcp_buffer *to, const struct unit *unit, double number, bool whole)
{
	const struct step *step = unit->steps;

	if (number == 0) {
		mptcp_buffer_format(to, "0 %s", unit->zero);
		return;
	}
	while (rounded(number / step->size) >= step->most)
		step++;
	double shown = rounded(number / step->size);
	bool integer = shown >= 10 || (whole && step->size == 1);
	mptcp_buffer_format(to, "%.*f %s", integer ? 0 : 1, shown, step->name);
}

void mptcp_human_add(struct mptcp_buffer *to, const char *unit, const char *text, size_t length)
{
	const struct unit *found = find_unit(unit);
	char copy[64];

	if (!found || length >= sizeof(copy) || !mptcp_escape_is_json_number(text, length)) {
		mptcp_buffer_add(to, text, length);
		return;
	}
	memcpy(copy, text, length);
	copy[length] = '\0';
	double number = strtod(copy, NULL);
	if (number < 0)
		mptcp_buffer_add_char(to, '-');
	add(to, found, fabs(number), !strchr(copy, '.'));
}
