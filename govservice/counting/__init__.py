"""One limit and a start -> the day it is due, and every day counted on the way: the machinery of `deadline`."""
