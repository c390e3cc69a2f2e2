"""The study: what a configuration says, as typed and checked objects, and the code its jobs depend on."""
