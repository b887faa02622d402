"""Judge event logs and signed documents against a regulation held as data; know nothing of the simulator."""

__version__ = "0.1.0"
