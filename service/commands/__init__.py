"""Commands that need no running house: FEEL and DMN on the command line, a module each."""
