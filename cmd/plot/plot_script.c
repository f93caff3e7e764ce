/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_script.h"

#include "gnuplot.h"

#include <math.h>
#include <string.h>

/* `format` may be set before, as the Makefile of a folder does. Only what this gnuplot has. */
static const char terminals[] =
	"if (format eq 'svg') { set terminal svg size width,height font 'sans-serif,14' "
	"background '#ffffff' noenhanced }\n"
	"if (format eq 'html') { set terminal svg mouse standalone size width,height "
	"font 'sans-serif,14' background '#ffffff' noenhanced }\n"
	"if (format eq 'png' && strstrt(GPVAL_TERMINALS, 'pngcairo')) { set terminal pngcairo "
	"size width,height font 'sans,11' noenhanced } else { if (format eq 'png') { "
	"set terminal png size width,height font 'sans,11' noenhanced } }\n"
	"if (format eq 'pdf') { set terminal pdfcairo size width/96.0,height/96.0 "
	"font 'sans,11' noenhanced }\n"
	"if (format eq 'txt') { set terminal dumb noenhanced size columns,rows }\n"
	"if (format eq 'dumb' && strstrt(GPVAL_TERMINALS, ' block')) { set terminal block braille "
	"size columns,rows } else { if (format eq 'dumb') { set terminal dumb noenhanced "
	"size columns,rows; if (color) { set terminal dumb ansi256 } } }\n"
	"if (format eq 'sixel') { set terminal sixelgd size width,height truecolor noenhanced "
	"background '#ffffff' }\n"
	"if (format eq 'kitty') { set terminal kittycairo size width,height noenhanced }\n"
	"if (format eq 'window' && strstrt(GPVAL_TERMINALS, ' qt')) { set terminal qt "
	"size width,height persist noenhanced } else { if (format eq 'window' && "
	"strstrt(GPVAL_TERMINALS, ' wxt')) { set terminal wxt size width,height persist "
	"noenhanced } else { if (format eq 'window') { set terminal x11 size width,height "
	"persist noenhanced } } }\n";

static const char look[] = "set border 3 lc rgb '#555555'\n"
			   "set tics nomirror textcolor rgb '#222222'\n"
			   "set grid lc rgb '#dddddd' lw 1 dt 1\n"
			   "set key tmargin left horizontal Left reverse noenhanced "
			   "samplen 2 width 2\n"
			   "set offsets graph 0, graph 0, graph 0.02, graph 0\n"
			   "set datafile missing 'NaN'\n";

/*
 * The colours of Okabe and Ito, which people with any kind of colour blindness tell apart; their
 * yellow comes last, as it is faint on white. https://jfly.uni-koeln.de/color/
 */
static const char *const palette[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
	"#56B4E9", "#F0E442"};
#define TOTAL_COLOR "#000000"

#define COLORS (sizeof(palette) / sizeof(palette[0]))

/* Which prefix a unit takes: 10^3 and its multiples only upwards, or downwards only (no ks). */
static const struct {
	const char *unit;
	int smallest, largest; /* exponents */
} units[] = {{"s", -9, 0}, {"bytes", 0, 12}, {"bit/s", 0, 12}, {"bytes/s", 0, 12}};

/* The exponent, a multiple of 3, for which the largest number on the axis is at least 1. */
static int choose_exponent(const struct mptcp_plot_options *options,
	const struct mptcp_chart *chart, int axis, const char *unit)
{
	double low = isnan(options->low[axis]) ? chart->low[axis] : options->low[axis],
	       high = isnan(options->high[axis]) ? chart->high[axis] : options->high[axis],
	       most = fmax(fabs(low), fabs(high));

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i].unit, unit) != 0 || !(most > 0))
			continue;
		int exponent = (int)floor(log10(most) / 3 + 1e-12) * 3;
		if (exponent < units[i].smallest)
			return units[i].smallest;
		return exponent > units[i].largest ? units[i].largest : exponent;
	}
	return 0;
}

/* What the numbers of an axis are divided by, and what this makes of its unit. */
struct scale {
	double factor;
	char prefix[3]; /* UTF-8 */
};

/* Above it, twelve digits are not enough for microseconds. */
#define EXACT 1e6

static struct scale get_scale(const struct mptcp_plot_options *options,
	const struct mptcp_chart *chart, int axis)
{
	const char *unit = axis ? options->yunit : options->xunit;
	int exponent = choose_exponent(options, chart, axis, unit);
	struct scale scale = {pow(10, exponent), ""};

	if (exponent == -6)
		memcpy(scale.prefix, "\xc2\xb5", sizeof(scale.prefix)); /* micro sign */
	else if (exponent != 0)
		scale.prefix[0] = mptcp_plot_prefixes[exponent / 3 + 4];
	return scale;
}

static void put_string(struct mptcp_buffer *script, const char *before, const char *string,
	const char *after)
{
	mptcp_buffer_add_string(script, before);
	mptcp_gnuplot_quote(script, string, strlen(string));
	mptcp_buffer_add_string(script, after);
}

/* A number, or NaN for none. */
static void put_number(struct mptcp_buffer *script, double number, double factor)
{
	if (isnan(number))
		mptcp_buffer_add_string(script, "NaN");
	else
		mptcp_buffer_format(script, fabs(number / factor) < EXACT ? "%.12g" : "%.16g",
			number / factor);
}

static void put_block(struct mptcp_buffer *data, const struct mptcp_points *points,
	const struct scale *x, const struct scale *y)
{
	for (size_t i = 0; i < points->count; i++) {
		const struct mptcp_point *point = &points->items[i];

		put_number(data, point->x, x->factor);
		mptcp_buffer_add_char(data, ' ');
		put_number(data, point->y, y->factor);
		mptcp_buffer_add_char(data, ' ');
		put_number(data, point->y2, y->factor);
		mptcp_buffer_format(data, " %u\n", point->label);
	}
}

int mptcp_plot_data(const struct mptcp_plot_options *options, const struct mptcp_chart *chart,
	struct mptcp_buffer *data, struct mptcp_error *error)
{
	struct scale x = get_scale(options, chart, 0), y = get_scale(options, chart, 1);
	const struct mptcp_chart_line *line;
	size_t block = 0;

	mptcp_buffer_add_string(data, "# x y y2 text\n");
	for (line = chart->lines; line; line = line->hh.next)
		for (size_t k = 0; k < chart->kind_count; k++)
			if (line->kinds[k].count) {
				mptcp_buffer_format(data, "%s# line %zu, %s\n",
					block++ ? "\n\n" : "", line->number + 1, chart->kinds[k]);
				put_block(data, &line->kinds[k], &x, &y);
			}
	return data->failed ? mptcp_error_memory(error) : 0;
}

static void put_terminal(struct mptcp_buffer *script, const struct mptcp_plot_options *options)
{
	bool characters = mptcp_plot_in_characters(options);
	unsigned width = options->width, height = options->height;

	mptcp_buffer_format(script, "if (!exists('format')) format = '%s'\n", options->format);
	mptcp_buffer_format(script, "width = %u; height = %u\n",
		width && !characters ? width : MPTCP_PLOT_WIDTH,
		height && !characters ? height : MPTCP_PLOT_HEIGHT);
	mptcp_buffer_format(script, "columns = %u; rows = %u; color = %d\n",
		width && characters ? width : 100, height && characters ? height : 32,
		options->color);
	if (options->terminal)
		mptcp_buffer_format(script, "set terminal %s\n", options->terminal);
	else
		mptcp_buffer_add_string(script, terminals);
	mptcp_buffer_add_string(script, "set encoding utf8\nset termoption noenhanced\n");
}

static void put_label(struct mptcp_buffer *script, const char *command, const char *label,
	const struct scale *scale, const char *unit)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	mptcp_buffer_add_string(&text, label);
	if (*unit)
		mptcp_buffer_format(&text, "%s(%s%s)", *label ? " " : "", scale->prefix,
			*scale->prefix && !strcmp(unit, "bytes") ? "B" : unit);
	if (text.failed)
		script->failed = true;
	else if (text.length)
		put_string(script, command, text.bytes, " noenhanced\n");
	mptcp_buffer_clear(&text);
}

static void put_range(struct mptcp_buffer *script, const char *axis, double low, double high,
	double factor)
{
	if (isnan(low) && isnan(high))
		return;
	mptcp_buffer_format(script, "set %srange [", axis);
	if (isnan(low))
		mptcp_buffer_add_char(script, '*');
	else
		put_number(script, low, factor);
	mptcp_buffer_add_char(script, ':');
	if (isnan(high))
		mptcp_buffer_add_char(script, '*');
	else
		put_number(script, high, factor);
	mptcp_buffer_add_string(script, "]\n");
}

/* Titles, labels and ranges. */
static void put_frame(struct mptcp_buffer *script, const struct mptcp_plot *plot,
	const struct mptcp_plot_options *options, const struct mptcp_chart *chart)
{
	struct scale x = get_scale(options, chart, 0), y = get_scale(options, chart, 1);
	const char *title = options->title ? options->title : plot->title;

	mptcp_buffer_add_string(script, look);
	if (*title)
		put_string(script, "set title ", title, " noenhanced\n");
	put_label(script, "set xlabel ", options->xlabel, &x,
		options->dates ? "UTC" : options->xunit);
	put_label(script, "set ylabel ", options->ylabel, &y, options->yunit);
	put_range(script, "x", options->low[0], options->high[0], x.factor);
	put_range(script, "y", options->low[1], options->high[1], y.factor);
	if (options->epoch)
		mptcp_buffer_add_string(script,
			options->dates ? "set xtics rotate by 20 right time format \"%H:%M:%.2S\"\n"
				       : "set xtics rotate by 20 right format \"%.3f\"\n");
	mptcp_buffer_format(script, "xscale = %.12g; yscale = %.12g\n", x.factor, y.factor);
	mptcp_buffer_add_string(script, "ymin = ");
	put_number(script, isnan(options->low[1]) ? chart->low[1] : options->low[1], y.factor);
	mptcp_buffer_add_string(script, "; ymax = ");
	put_number(script, isnan(options->high[1]) ? chart->high[1] : options->high[1], y.factor);
	mptcp_buffer_add_string(script, "\n");
}

/* A style as `with` has it may begin with how lines are drawn; that holds for all of them. */
static const char *split_style(const char *style, size_t *drawn)
{
	static const char *const words[] = {"linespoints", "lines", "points", "lp", "dots", "steps",
		"fsteps", "histeps", "impulses", "boxes"};

	style += strspn(style, " ");
	*drawn = strcspn(style, " ");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == *drawn && !strncmp(words[i], style, *drawn))
			return style;
	*drawn = 0;
	return style;
}

/* Each capture has a colour, its lines dashes. */
static void put_capture_palette(struct mptcp_buffer *script, const struct mptcp_chart *chart)
{
	size_t capture = 0, dashes = 0;

	for (const struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next) {
		dashes = line->capture == capture ? dashes + 1 : 0;
		capture = line->capture;
		mptcp_buffer_format(script,
			"set style line %zu lc rgb '%s' lw %s dt %zu pt 7 ps 0.4\n",
			line->number + 1, palette[(capture - 1) % COLORS],
			line->total ? "2" : "1.5", 1 + (dashes + (capture - 1) / COLORS) % 5);
	}
}

/* A total is black, what it consists of has colours. */
static void put_palette(struct mptcp_buffer *script, const struct mptcp_chart *chart)
{
	size_t color = 0;

	if (chart->capture_count) {
		put_capture_palette(script, chart);
		return;
	}
	for (const struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next) {
		bool total = line->total;

		mptcp_buffer_format(script,
			"set style line %zu lc rgb '%s' lw %s dt %zu pt 7 ps 0.4\n",
			line->number + 1, total ? TOTAL_COLOR : palette[color % COLORS],
			total ? "2" : "1.5", total ? 1 : 1 + color / COLORS % 5);
		color += !total;
	}
}

static void put_styles(struct mptcp_buffer *script, const struct mptcp_plot *plot,
	const struct mptcp_plot_options *options, size_t lines)
{
	const char *drawn = plot->drawn;
	size_t drawn_length = strlen(drawn), length;

	mptcp_buffer_add_string(script, "drawn = ");
	mptcp_gnuplot_quote(script, drawn, drawn_length);
	mptcp_buffer_add_char(script, '\n');
	if (options->style_files.length)
		mptcp_buffer_add_string(script, options->style_files.bytes);
	for (size_t i = 0; i < lines && i < MPTCP_PLOT_STYLES; i++) {
		if (!options->styles[i])
			continue;
		const char *style = split_style(options->styles[i], &length);
		if (length) {
			drawn = style;
			drawn_length = length;
		}
		if (style[length])
			mptcp_buffer_format(script, "set style line %zu %s\n", i + 1,
				style + length);
	}
	if (drawn != plot->drawn) {
		mptcp_buffer_add_string(script, "drawn = ");
		mptcp_gnuplot_quote(script, drawn, drawn_length);
		mptcp_buffer_add_char(script, '\n');
	}
}

/* lines, names[], text(): everything that is a string. */
static void put_names(struct mptcp_buffer *script, const struct mptcp_chart *chart)
{
	size_t lines = HASH_COUNT(chart->lines);

	mptcp_buffer_format(script, "lines = %zu\narray names[%zu]\n", lines, lines ? lines : 1);
	for (const struct mptcp_chart_line *line = chart->lines; line; line = line->hh.next) {
		mptcp_buffer_format(script, "names[%zu] = ", line->number + 1);
		put_string(script, "", line->name, "\n");
	}
	mptcp_buffer_format(script, "array label[%zu]\n", chart->labels.count + 1);
	for (size_t i = 0; i < chart->labels.count; i++) {
		mptcp_buffer_format(script, "label[%zu] = ", i + 1);
		put_string(script, "", chart->labels.items[i], "\n");
	}
	mptcp_buffer_add_string(script, "text(n) = n > 0 ? label[int(n)] : ''\n");
}

/* A function of the kind that chooses between expressions; %zu in them becomes the kind's number.
 */
static void put_choice(struct mptcp_buffer *script, const struct mptcp_chart *chart,
	const char *name, const char *before, const char *after)
{
	mptcp_buffer_format(script, "%s = ", name);
	for (size_t k = 0; k < chart->kind_count; k++)
		mptcp_buffer_format(script, "kind eq '%s' ? %s%zu%s : ", chart->kinds[k], before, k,
			after);
	mptcp_buffer_add_string(script, "0\n");
}

/* The lists that block() and line() look up: of the lines that have points of the kind. */
static void put_lists(struct mptcp_buffer *script, const struct mptcp_chart *chart, size_t kind)
{
	const struct mptcp_chart_line *line;
	size_t block = 0;

	mptcp_buffer_format(script, "blocks_%zu = '", kind);
	for (line = chart->lines; line; line = line->hh.next)
		for (size_t k = 0; k < chart->kind_count; k++) {
			if (!line->kinds[k].count)
				continue;
			if (k == kind)
				mptcp_buffer_format(script, " %zu", block);
			block++;
		}
	mptcp_buffer_format(script, "'\nlines_%zu = '", kind);
	for (line = chart->lines; line; line = line->hh.next)
		if (line->kinds[kind].count)
			mptcp_buffer_format(script, " %zu", line->number + 1);
	mptcp_buffer_add_string(script, "'\n");
}

/* count(), block(), line(), name(), has(): which block of the data is of which kind and line. */
static void put_blocks(struct mptcp_buffer *script, const struct mptcp_chart *chart)
{
	for (size_t k = 0; k < chart->kind_count; k++)
		put_lists(script, chart, k);
	put_choice(script, chart, "count(kind)", "words(blocks_", ")");
	put_choice(script, chart, "block(kind, i)", "int(word(blocks_", ", i))");
	put_choice(script, chart, "line(kind, i)", "int(word(lines_", ", i))");
	mptcp_buffer_add_string(script,
		"name(kind, i) = i > count(kind) ? '' : names[line(kind, i)]\n"
		"has(kind) = count(kind) > 0\n");
}

int mptcp_plot_script(const struct mptcp_plot_picture *parts, const char *file,
	struct mptcp_buffer *script, struct mptcp_error *error)
{
	const struct mptcp_plot *plot = parts->plot;
	const struct mptcp_plot_options *options = parts->options;
	const struct mptcp_chart *chart = parts->chart;

	mptcp_buffer_add_string(script, "# made by mptcp-plot for gnuplot 5.4 or later\n");
	put_terminal(script, options);
	put_frame(script, plot, options, chart);
	put_palette(script, chart);
	put_styles(script, plot, options, HASH_COUNT(chart->lines));
	put_names(script, chart);
	put_blocks(script, chart);
	if (file) {
		put_string(script, "data = ", file, "\n");
	} else {
		mptcp_buffer_add_string(script, "data = '$data'\n$data << END_OF_DATA\n");
		if (mptcp_plot_data(options, chart, script, error))
			return -1;
		mptcp_buffer_add_string(script, "END_OF_DATA\n");
	}
	mptcp_buffer_add_string(script, "\n");
	mptcp_buffer_add_string(script, plot->text);
	return script->failed ? mptcp_error_memory(error) : 0;
}
