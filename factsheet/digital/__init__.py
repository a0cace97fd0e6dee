"""The digital counterpart of `crossbar`: time, power and energy of a network on a digital device, kernel by kernel."""
