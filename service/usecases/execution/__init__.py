"""How a step of the engine becomes rows: load, run, write down, go on, all in one transaction."""
