"""The toy world of tests/network, for tests of other rooms until each has its own."""

from tests.network.toy import NODES, PLACES, PORTS, ROADS, population, port_table, road_tables, tables

__all__ = ["NODES", "PLACES", "PORTS", "ROADS", "population", "port_table", "road_tables", "tables"]
