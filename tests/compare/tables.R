# SPDX-License-Identifier: GPL-2.0-or-later
# Writes 1000 tables into the folder of the command line, 1.csv to 1000.csv, for the comparison of mptcp-compare with R:
# three groups of 1 to 30 runs; in some all values differ, others have ties, constants, missing cells or large numbers.
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20261201)
for (table in 1:1000) {
	kind <- table %% 5
	rows <- NULL
	for (group in c("base", "one", "two")) {
		n <- sample(1:30, 1)
		y <- switch(kind + 1,
			round(rlnorm(n, 16, 0.1)),                             # bits per second, hardly a tie
			round(rexp(n, 20) + 0.001, 9),                         # seconds
			sample(1:6, n, replace = TRUE),                        # many ties
			rep(sample(3:4, 1), n),                                # constants
			round(rnorm(n, 1, 3), 6))                              # also negative numbers
		cell <- format(y, scientific = FALSE, trim = TRUE, digits = 15)
		cell[runif(n) < 0.1] <- sample(c("", "NaN"), 1)
		rows <- rbind(rows, data.frame(capture = paste0(group, 1:n), group = group, y = cell))
	}
	write.csv(rows[sample(nrow(rows)), ], file.path(folder, paste0(table, ".csv")), row.names = FALSE, quote = FALSE)
}
