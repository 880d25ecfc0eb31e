# The peer of `entente bench knox`: the events and what surveillance::knox says of them, with the seconds that each test took.
# Arguments: a folder, how many permutations, the largest distances and the largest lapses (with commas).
suppressMessages(library(surveillance))
given <- commandArgs(trailingOnly = TRUE)
replicates <- as.integer(given[2])
data(imdepi)
places <- coordinates(imdepi$events)
days <- imdepi$events$time
write.table(format(cbind(places, days), digits = 17), file.path(given[1], "events.csv"), sep = ",", quote = FALSE,
            row.names = FALSE, col.names = FALSE)
apart <- dist(places)
between <- dist(days)
told <- NULL
for (far in as.numeric(strsplit(given[3], ",")[[1]])) for (late in as.numeric(strsplit(given[4], ",")[[1]])) {
  set.seed(1)
  before <- proc.time()
  invisible(capture.output(
    test <- knox(dt = between, ds = apart, eps.t = late, eps.s = far, simulate.p.value = TRUE, B = replicates)))
  used <- sum((proc.time() - before)[c("user.self", "sys.self")])
  told <- rbind(told, c(far, late, test$statistic, test$null.value, test$p.value, attr(test$p.value, "Poisson"), used))
}
write.table(format(told, digits = 17), file.path(given[1], "told.csv"), sep = ",", quote = FALSE, row.names = FALSE,
            col.names = FALSE)
cat(as.character(packageVersion("surveillance")))
