"""Cost worlds and exact shortest paths by customisable contraction hierarchies."""
