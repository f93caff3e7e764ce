# SPDX-License-Identifier: GPL-2.0-or-later
# Compares the results of mptcp-compare, N.out beside each table N.csv, with quantile, wilcox.test, p.adjust and qbinom.
# Prints what differs; the last line is the number of results compared.
folder <- commandArgs(trailingOnly = TRUE)[1]
compared <- 0
check <- function(what, got, want, tolerance = 1e-9) {
	compared <<- compared + 1
	if (is.na(got) && is.na(want)) return(invisible())
	if (is.na(got) != is.na(want) || abs(got - want) > tolerance * max(1, abs(want)))
		cat(what, "is", format(got, digits = 15), "R has", format(want, digits = 15), "\n")
}

# The interval of the ratio. R inverts the test by a search that ends within 1e-4 of a step of logarithms; of too few
# values it takes the whole range, which is no interval of 95 %.
interval <- function(x, y, exact) {
	if (1 / choose(length(x) + length(y), length(x)) > 0.025) return(c(NA, NA))
	if (length(unique(x)) == 1 && length(unique(y)) == 1) return(rep(x[1] / y[1], 2))
	test <- suppressWarnings(try(wilcox.test(log(x), log(y), conf.int = TRUE, exact = exact), silent = TRUE))
	if (inherits(test, "try-error")) return(NULL)
	# where the approximation has no such rank, R gives the ends of the range
	if (!exact && reaches(x, y) <= 0) return(c(NA, NA))
	exp(test$conf.int)
}

reaches <- function(x, y) {
	ties <- function(z) sum(table(z)^3 - table(z))
	m <- length(x); n <- length(y)
	m * n / 2 - 0.5 - qnorm(0.975) * sqrt(m * n / 12 * (m + n + 1 - (ties(x) + ties(y)) / ((m + n) * (m + n - 1))))
}

for (table in 1:1000) {
	data <- read.csv(file.path(folder, paste0(table, ".csv")), na.strings = c("", "NaN"))
	result <- read.csv(file.path(folder, paste0(table, ".out")))
	p <- c()
	for (row in seq_len(nrow(result))) {
		name <- function(column) paste(table, result$group[row], column)
		all <- data$y[data$group == result$group[row]]
		x <- all[!is.na(all)]
		y <- data$y[data$group == "base" & !is.na(data$y)]
		check(name("n"), result$n[row], length(x))
		check(name("missing"), result$missing[row], sum(is.na(all)))
		if (length(x)) {
			quantiles <- quantile(x, names = FALSE, type = 7)
			for (i in 1:5) check(name(c("min", "q1", "median", "q3", "max")[i]),
				result[row, c("min", "q1", "median", "q3", "max")[i]], quantiles[i])
			check(name("mean"), result$mean[row], mean(x))
			check(name("sd"), result$sd[row], sd(x))
			rank <- qbinom(0.025, length(x), 0.5)
			limits <- if (rank) sort(x)[c(rank, length(x) + 1 - rank)] else c(NA, NA)
			check(name("ci_low"), result$ci_low[row], limits[1])
			check(name("ci_high"), result$ci_high[row], limits[2])
		}
		if (result$group[row] == "base" || !length(x) || !length(y)) next
		exact <- length(x) * length(y) <= 400 && !anyDuplicated(c(x, y))
		test <- suppressWarnings(wilcox.test(x, y, exact = exact))
		p[row] <- if (length(unique(c(x, y))) == 1) 1 else test$p.value
		check(name("difference"), result$difference[row], median(outer(x, y, "-")))
		if (min(x, y) <= 0) {
			check(name("ratio"), result$ratio[row], NA)
			next
		}
		check(name("ratio"), result$ratio[row], exp(median(outer(log(x), log(y), "-"))))
		limits <- interval(x, y, exact)
		if (is.null(limits)) next
		check(name("ratio_low"), result$ratio_low[row], limits[1], if (exact) 1e-9 else 5e-4)
		check(name("ratio_high"), result$ratio_high[row], limits[2], if (exact) 1e-9 else 5e-4)
	}
	p <- p.adjust(p, "holm")
	for (row in seq_along(p)) if (!is.na(p[row])) check(paste(table, result$group[row], "p"), result$p[row], p[row], 1e-6)
}
cat(compared, "\n")
