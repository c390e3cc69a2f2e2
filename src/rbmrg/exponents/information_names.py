"""The words of the table of mutual information, which its figure reads without what computes it."""

EXACT = "conditional"  # method: H given E is summed over the spins between, E is sampled
BOUND = "logistic"  # method: a lower bound by a classifier
BEST_RULE = "best rule"  # source: of all rules of 2 × 2 blocks
BEST_FILTER = "best filter"  # source: of those that are filters of the strength of the dial
