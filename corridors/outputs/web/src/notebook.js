/** Entry of the layers alone, for any folium map. */

export { layer, map } from "./leaflet_map.js";
