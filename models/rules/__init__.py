"""Pure rules of the trade: no database, no clock, no input or output. Time comes in as an argument."""
