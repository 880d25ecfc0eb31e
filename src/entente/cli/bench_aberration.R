# What R's `surveillance` answers, for `entente bench aberration` and tools/compare_surveillance.py:
#
#   Rscript bench_aberration.R ANSWERS METHOD FIRST LAST SERIES.csv     one series in a row, weeks FIRST to LAST
#   Rscript bench_aberration.R ANSWERS METHOD bundled FOLDER            every count series that comes with the package
#
# ANSWERS gets one line for each series and week: series, week, count, bound, alarm, expected, score. Prints CPU seconds.

suppressMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
answers <- arguments[1]
method <- arguments[2]

paper <- list(b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, pThresholdTrend = 1,
              thresholdMethod = "nbPlugin", alpha = 0.005, limit54 = c(0, 4))
judge <- function(series, weeks) {
  with_range <- function(control) c(list(range = weeks), control)
  switch(method,
    paper = farringtonFlexible(series, with_range(paper)),
    muan = farringtonFlexible(series, with_range(modifyList(paper, list(thresholdMethod = "muan", pThresholdTrend = 0.05)))),
    default = farringtonFlexible(series, with_range(list())),
    original = farrington(series, with_range(list(b = 5, w = 3, alpha = 0.01, limit54 = c(0, 4)))),
    c1 = earsC(series, with_range(list(method = "C1"))),
    c2 = earsC(series, with_range(list(method = "C2"))),
    c3 = earsC(series, with_range(list(method = "C3"))))
}

rows <- function(name, series, weeks) {
  began <- proc.time()
  found <- suppressWarnings(judge(series, weeks))
  spent <<- spent + sum((proc.time() - began)[1:2])
  part <- function(of) if (is.null(of)) rep(NA, length(weeks)) else as.numeric(of)
  count <- observed(series)[weeks, 1]
  bound <- as.numeric(upperbound(found))
  data.frame(series = name, week = weeks, count = count, bound = sprintf("%.17g", bound),
             alarm = as.integer(alarms(found)), expected = sprintf("%.17g", part(found@control$expected)),
             score = sprintf("%.17g", part(found@control$score)))
}

bundled <- function(folder) {
  names <- sort(data(package = "surveillance")$results[, "Item"])
  made <- list()
  for (name in sub(" .*", "", names)) {
    data(list = name, package = "surveillance", envir = environment())
    held <- tryCatch(get(name), error = function(e) NULL)
    if (inherits(held, "disProg")) held <- disProg2sts(held)
    if (!inherits(held, "sts")) next
    for (unit in seq_len(min(UNITS, ncol(held)))) {
      one <- held[, unit]
      one@epochAsDate <- FALSE
      made[[paste(name, unit, sep = "/")]] <- one
    }
  }
  made
}

spent <- 0
UNITS <- 6  # of a table of many places
if (arguments[3] == "bundled") {
  first_of <- function(series) if (method %in% c("c1", "c2", "c3")) 12 else 5 * series@freq + 4
  all <- bundled()
  found <- lapply(names(all), function(name) {
    series <- all[[name]]
    write(c(name, series@freq, observed(series)[, 1]), arguments[4], append = TRUE, sep = ",", ncolumns = 1e6)
    if (nrow(series) < first_of(series) || series@freq < 8) return(NULL)
    tryCatch(rows(name, series, first_of(series):nrow(series)), error = function(e) { message(name, ": ", e); NULL })
  })
} else {
  table <- as.matrix(read.csv(arguments[5], header = FALSE))
  weeks <- as.integer(arguments[3]):as.integer(arguments[4])
  found <- lapply(seq_len(nrow(table)), function(row)
    rows(row, sts(observed = table[row, ], start = c(2001, 1), frequency = 52), weeks))
}
write.csv(do.call(rbind, found), answers, row.names = FALSE, quote = FALSE)
cat(as.character(packageVersion("surveillance")), as.character(getRversion()), spent, "\n")
