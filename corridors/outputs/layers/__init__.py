"""Layers of a map: small payloads that a page's script draws, and still pictures of them."""

from corridors.outputs.layers.layers import BaseMap, LayerSpec, Tiles, map_layers

__all__ = ["BaseMap", "LayerSpec", "Tiles", "map_layers"]
