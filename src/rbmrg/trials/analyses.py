"""The analyses whose error bars are tried: the name of each job, and the module of this package that has its trial."""

# A trial is a function of the name of its job.  It takes a Generator and returns the truths, {quantity: (value, its
# error)}, exact or of a run at least a hundred times as long as a replica, and a function that takes the Generator of a
# replica and returns its {quantity: coverage.Estimate}, through the functions that a study calls.
ANALYSES = {
    "samples": "of_samples",
    "thermometers": "of_samples",
    "scaling_dimensions": "of_flows",
    "fixed_point": "of_flows",
    "distance": "of_machines",
    "over_machines": "of_machines",
    "rule_maps": "of_layers",
    "machine_maps": "of_layers",
    "unit_shares": "of_layers",
    "layer_temperatures": "of_layers",
    "changes": "of_layers",
    "machine_couplings": "of_couplings",
    "pair_couplings": "of_couplings",
    "configuration_couplings": "of_couplings",
    "enumerated_exponents": "of_exponents",
    "settled_exponents": "of_exponents",
    "finite_size": "of_exponents",
    "matched_lattices": "of_exponents",
    "mutual_information": "of_information",
}


def module(name):
    """The full name of the module of the trial called `name`."""
    return f"rbmrg.trials.{ANALYSES[name]}"
