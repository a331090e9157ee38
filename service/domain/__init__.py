"""The words of the house: states, events, jobs, errors and the ports to the outside."""
