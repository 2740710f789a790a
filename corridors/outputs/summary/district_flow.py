"""Modelled flow by consular district, from the tables of a run. Tables hold no draws, so bands are sums of bounds.

The share of a district is the sum over its zones, and its band the sum of their bounds: never narrower than the band of the
sum where zones rise and fall together, as those of a state do. No figure was published by district, so no grade is A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.results import Districts
from corridors.outputs.summary.uncertainty import BAND90_COLUMNS, MEAN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.results import Results
    from corridors.core.types import FloatArray

B_FACTOR, D_FACTOR = 2.0, 10.0
ROUNDS = 50
"""Rounds of proportional fitting; margins agree to a millionth long before."""


def sum_by_district(table: pd.DataFrame, parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the bands of a table by zone, summed by the keys, each zone times its fraction; and whether a zone was split.

    Bounds are summed as they are: never narrower than the sum's own where zones rise and fall together.
    """
    own = ["zone_id", *(key for key in keys if key not in parts), *BAND90_COLUMNS]
    joined = table[own].merge(parts, on="zone_id")
    columns = list(BAND90_COLUMNS)
    joined[columns] = joined[columns].mul(joined["fraction"], axis=0)
    return joined.groupby(keys, as_index=False).agg({**dict.fromkeys(BAND90_COLUMNS, "sum"), "split": "any"})


def district_results(results: Results, counties: gpd.GeoDataFrame, parts: pd.DataFrame) -> Districts:
    """Return the districts with the flow that starts in each.

    Parameters
    ----------
    results
        With shares of `zones` and `zone_port`.
    counties
        `fips us_state consulate approximate inferred`, one row a county, EPSG:4326 polygons.
    parts
        `zone_id us_state consulate fraction split`: the fraction of each zone's licenses in each district.
    """
    counted = counties.assign(counties=1).dissolve(
        "consulate", aggfunc={"counties": "sum", "approximate": "sum", "inferred": "sum"}, as_index=False
    )
    flow = sum_by_district(results.zones, parts, ["consulate"]).drop(columns="split")
    return Districts(
        areas=gpd.GeoDataFrame(counted.merge(flow, on="consulate")),
        zone_fractions=parts,
        ports=sum_by_district(results.zone_port, parts, ["consulate", "poe_id"]).drop(columns="split"),
    )


def flow_by_district(zones: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the whole flow that starts in each district: `consulate`, its band, `grade split`.

    Parameters
    ----------
    zones
        `zone_id` and the band of each zone's share.
    parts
        `zone_id us_state consulate fraction split`: the fraction of each zone's licenses in each district.
    """
    return _graded(sum_by_district(zones, parts, ["consulate"]))


def flow_by_port(
    zone_port: pd.DataFrame, parts: pd.DataFrame, port_grades: Mapping[str, str]
) -> pd.DataFrame:
    """Return the share that starts in each district and crosses at each port, the grade no better than the port's."""
    found = _graded(sum_by_district(zone_port, parts, ["consulate", "poe_id"]))
    worse = [max(own, port_grades[poe]) for own, poe in zip(found["grade"], found["poe_id"], strict=True)]
    return found.assign(grade=worse)


def flow_by_destination(
    zone_port: pd.DataFrame,
    parts: pd.DataFrame,
    port_municipality: pd.DataFrame,
    state_pairs: pd.DataFrame,
) -> pd.DataFrame:
    """Return the fraction of each district's flow that ends in each Mexican state; an approximation.

    A run holds flow from zones to ports, from ports to municipalities, and by pairs of states, never by zone and
    destination. The flow of a district through a port is split like all flow through that port, then fitted in proportion
    to the pairs of states, so that the districts of a US state add up to the run's pairs. The band combines the bounds of
    pairs and ports; the split itself has none, so no grade is better than C.

    Returns
    -------
    DataFrame
        `consulate mx_state part_mean part_median part_lo90 part_hi90 grade`.
    """
    ends = port_municipality.pivot_table(MEAN, "poe_id", "mx_state", aggfunc="sum", fill_value=0.0)
    onward = ends.div(ends.sum(axis=1).where(ends.sum(axis=1) > 0, 1.0), axis=0)
    rows = ["us_state", "consulate"]
    starts = sum_by_district(zone_port, parts, [*rows, "poe_id"])
    first = {
        name: starts.pivot_table(name, rows, "poe_id", fill_value=0.0) @ onward for name in BAND90_COLUMNS
    }
    pairs = {
        name: state_pairs.pivot_table(name, "us_state", "mx_state")[onward.columns] for name in BAND90_COLUMNS
    }
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in BAND90_COLUMNS}
    for state in first[MEAN].index.unique("us_state"):
        group = first[MEAN].loc[[state]]
        target = pairs[MEAN].loc[state].to_numpy(dtype=np.float64)
        flows = group.to_numpy(dtype=np.float64)
        fitted = fit_margins(flows, flows.sum(axis=1), target)
        for name in BAND90_COLUMNS:
            pair = _ratio(pairs[name].loc[state].to_numpy(dtype=np.float64), target)
            route = _ratio(first[name].loc[group.index].to_numpy(dtype=np.float64), flows)
            index = group.index.get_level_values("consulate")
            found[name].append(pd.DataFrame(fitted * pair * route, index=index, columns=group.columns))
    whole = {name: pd.concat(tables).groupby(level="consulate").sum() for name, tables in found.items()}
    start = whole[MEAN].sum(axis=1)
    long = pd.concat(
        [
            (table.div(start.where(start > 0, 1.0), axis=0).clip(upper=1))
            .reset_index()
            .melt("consulate", var_name="mx_state", value_name=name.replace("share", "part"))
            .set_index(["consulate", "mx_state"])
            for name, table in whole.items()
        ],
        axis=1,
    ).reset_index()
    bands = zip(long["part_lo90"], long["part_mean"], long["part_hi90"], strict=True)
    return long.assign(grade=[max("C", band_grade(*band)) for band in bands])


def fit_margins(table: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Return the table scaled by rows and columns until both sum as given (iterative proportional fitting).

    Where the two do not sum to the same, rows hold. [Deming1940].
    """
    wanted = columns * (rows.sum() / columns.sum()) if columns.sum() > 0 else columns
    fitted = table.copy()
    for _ in range(ROUNDS):
        for axis, margin in ((0, wanted), (1, rows)):
            sums = fitted.sum(axis=axis)
            scale = np.divide(margin, sums, out=np.zeros_like(sums), where=sums > 0)
            fitted = fitted * (scale[None, :] if axis == 0 else scale[:, None])
    return fitted


def band_grade(low: float, mean: float, high: float) -> str:
    """Return the grade of a share by its 90 % band: B within a factor of two, C wider, D if the band reaches near 0."""
    if mean <= 0 or low < mean / D_FACTOR:
        return "D"
    return "B" if low >= mean / B_FACTOR and high <= mean * B_FACTOR else "C"


def _ratio(bound: FloatArray, middle: FloatArray) -> FloatArray:
    """Return bounds as multiples of the middle, 1 where the middle is 0."""
    return np.divide(bound, middle, out=np.ones_like(bound), where=middle > 0)


def _graded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the grade of each band."""
    bands = zip(table["share_lo90"], table[MEAN], table["share_hi90"], strict=True)
    return table.assign(grade=[band_grade(*band) for band in bands])
