"""Play a regulated electronic public service and judge its event log: the command line."""


def main() -> None:
    """Run the command line."""
