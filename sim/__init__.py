"""Run the actors in simulated time and write the event log: the only room that owns a clock."""
