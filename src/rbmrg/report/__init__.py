"""The report: evidence, verdicts and the page that shows them."""
