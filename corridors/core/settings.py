"""The sections of the settings about the model: each key with its default, bounds, unit and reason."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Demand = Literal["combined", "seizures", "case_files", "homicides", "population", "events"]
COMPARED_DEMANDS: tuple[Demand, ...] = ("combined", "seizures", "case_files", "homicides", "population")
"""Measures of demand that a run is compared under: not `events`, by which it is tested (docs/method.md 7.1)."""
Language = Literal["es", "en"]
Lens = Literal["all", "one_year"]
Inspection = Literal["unknown", "equal", "none"]
GunShows = Literal["published", "none"]
Structure = Literal["trip", "port"]


class Section(BaseModel):
    """A frozen section; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CostSettings(Section):
    """Prior of the cost worlds (docs/method.md 3.2). Never fitted: no published figure is about them."""

    toll_usd_per_km: float = Field(
        0.13,
        ge=0,
        description="US dollars per kilometer of toll road: Mexican federal ones charge cars 2 to 3 pesos.",
    )
    value_of_time_usd: float = Field(
        30.0,
        gt=0,
        description=(
            "Median over worlds, US dollars per hour. Intercity travel for all purposes, in today's dollars [DOT2016]."
        ),
    )
    value_of_time_sd: float = Field(
        0.4,
        ge=0,
        le=2,
        description="Sd of its logarithm over worlds: 90 % within 16 to 58 dollars. Judgment.",
    )
    grade_factor: float = Field(
        3.0,
        ge=0,
        description="Median extra time per unit of slope, in multiples of the level road: a tenth at 3 %. Judgment; no effect without elevation.",
    )
    grade_sd: float = Field(0.5, ge=0, le=2, description="Sd of its logarithm over worlds. Judgment.")
    class_sd: float = Field(
        0.1,
        ge=0,
        le=2,
        description="Sd of log cost by road class: speeds of a class are known to a tenth. Judgment.",
    )
    cell_sd: float = Field(
        0.3,
        ge=0,
        le=2,
        description=(
            "Sd of log cost by 50 km cell of a road class. Two worlds then share .61 of the cheapest path of a long "
            "trip, inside the wanted range of .4 to .8 (docs/method.md 3.2)."
        ),
    )
    port_volume_sd: float = Field(
        0.2,
        ge=0,
        le=2,
        description=(
            "Sd over worlds of the logarithm of a port's southbound cars, where only the northbound count is known: the "
            "logarithms of the published ratios of the two have a sd of .22 over seven bridges (docs/method.md 2.2)."
        ),
    )
    port_factor_sd: float = Field(
        0.1,
        ge=0,
        le=2,
        description=(
            "The same where a ratio is published, beside what its rounding leaves: months of one bridge differ by a sd of .08, "
            "and they are of 2013 to 2023 (docs/method.md 2.2)."
        ),
    )


class WeightSettings(Section):
    """How much each block of published figures is trusted (docs/method.md 4.2)."""

    trace_overdispersion: float = Field(
        20.0,
        ge=1,
        description=(
            "Traced guns that count as one observation: one straw buyer's guns are traced together. 20 is a "
            "judgment (docs/method.md 4.2)."
        ),
    )
    city_overdispersion: float = Field(
        40.0,
        ge=1,
        description="The same for purchase cities: larger, because a mailing city is mapped to a fraction of a county. Judgment.",
    )
    municipal_dispersion: float = Field(
        2.5,
        gt=0,
        description=(
            "Shape of the negative binomial of municipal seizures: a sd of .7 of their logarithm, because they "
            "follow enforcement as well as arrivals. Judgment."
        ),
    )
    event_overdispersion: float = Field(
        3.0,
        ge=1,
        description="Dated seizures that count as one: one operation makes several, and a bulletin lists them together. Judgment.",
    )
    detection_sd: float = Field(
        1.0,
        gt=0,
        description=(
            "Sd of the logarithm of a Mexican state's chance that a seizure is made and listed in a bulletin: within a factor of "
            "5 in nine of ten. Lists are cut, and one state's war fills them. Judgment."
        ),
    )
    route_weight: float = Field(
        0.5,
        ge=0,
        le=1,
        description=(
            "Weight of a published route's crossing, no unit: half, because authorities print the routes they know; half of that "
            "where the route begins within 50 km of its crossing, as its printed origin may be the last town of a longer way. "
            "0 leaves routes out. Structure `trip` only. Judgment."
        ),
    )


class PriorSettings(Section):
    """Priors of the model's parameters (docs/method.md 5.1; symbols: docs/method.md 1.3)."""

    theta: float = Field(
        0.9,
        gt=0,
        description=(
            "Median decay of the choice of crossing, per Mexican hour of the whole trip (structure `trip`). Freight and "
            "published routes of guns are both served by .6 to 1 (docs/method.md 5.2)."
        ),
    )
    theta_sd: float = Field(0.5, gt=0, description="Sd of its logarithm: 90 % within .4 and 2.")
    us_weight: float = Field(
        1.7,
        gt=0,
        description=(
            "Median weight of an hour in the United States against one in Mexico, no unit (structure `trip`). Freight wants 1, "
            "the published routes of guns 2.5: loads cross near the purchase and pay for it beyond (docs/method.md 5.2)."
        ),
    )
    us_weight_sd: float = Field(0.4, gt=0, description="Sd of its logarithm: 90 % within .9 and 3.3.")
    nest_scale: float = Field(
        0.5,
        gt=0,
        le=1,
        description=(
            "Scale of the nest of bridges of one crossing city, no unit (structure `trip`): 1, bridges of one city are as "
            "unlike as cities; near 0, alike. Fixed: the figures do not identify it [Train2009]."
        ),
    )
    bridge_effect_sd: float = Field(
        0.35, gt=0, description="Sd of a bridge's deviation, log vehicles (structure `trip`). Judgment."
    )
    city_effect_sd: float = Field(
        0.35, gt=0, description="Sd of a crossing city's deviation, logarithm (structure `trip`). Judgment."
    )
    beta: float = Field(
        1.0,
        gt=0,
        description="Median decay of the choice of destination, per hours ** power of the whole trip (structure `trip`).",
    )
    beta_sd: float = Field(0.7, gt=0, description="Sd of its logarithm. No study gives it.")
    power: float = Field(
        0.5,
        gt=0,
        description=(
            "Median power of the hours of the whole trip, no unit (structure `trip`): steep near and flat far, because Texas "
            "sends Guanajuato as many guns as Chihuahua (docs/method.md 3.3)."
        ),
    )
    power_sd: float = Field(0.25, gt=0, description="Sd of its logarithm: 90 % within .33 to .75.")
    kappa: float = Field(
        0.3,
        gt=0,
        description=(
            "Median fall of log supply per root of the hours to the nearest open port (structure `trip`): whether dealers "
            "near the border sell more to smugglers than access alone says."
        ),
    )
    kappa_sd: float = Field(0.7, gt=0, description="Sd of its logarithm: 90 % within .1 and 1. Judgment.")
    beta_us: float = Field(
        1.0,
        gt=0,
        description=(
            "Median decay of the choice of port, per hours ** power on the US side. At four hours, 1 is .25 an hour: between "
            "the .1 of traces between US states (1.05 per 1,000 km [Andrade2020]) and the 1.45 of a single gravity model fitted "
            "to the pairs (docs/method.md 5.2)."
        ),
    )
    beta_us_sd: float = Field(
        0.7,
        gt=0,
        description="Sd of its logarithm: 90 % within a factor of 3.2 spans most of both.",
    )
    power_us: float = Field(
        0.5,
        gt=0,
        description=(
            "Median power of hours on the US side, no unit: steep near and flat far, as on the Mexican side. The fits of "
            "docs/method.md 5.2 do not identify it; with an even decay the model cannot match both Houston and El Paso (docs/limits.md)."
        ),
    )
    power_us_sd: float = Field(
        0.25, gt=0, description="Sd of its logarithm: 90 % within .33 to .75, as in Mexico."
    )
    beta_mx: float = Field(
        1.0,
        gt=0,
        description="Median decay on the Mexican side, per hours ** power. First fits on the graph (docs/method.md 5.2).",
    )
    beta_mx_sd: float = Field(
        0.7, gt=0, description="Sd of its logarithm: that of the US side, because no study gives it."
    )
    power_mx: float = Field(
        0.5,
        gt=0,
        description=(
            "Median power of Mexican hours, no unit: steep near and flat far, because Texas sends Guanajuato as many "
            "guns as Chihuahua (docs/method.md 3.3); first fits gave .35 to .66 (5.2)."
        ),
    )
    power_mx_sd: float = Field(0.25, gt=0, description="Sd of its logarithm: 90 % within .33 to .75.")
    mu: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="Median weight of a port's access to demand, 0 to 1: theory bounds it, no published figure identifies it.",
    )
    mu_sd: float = Field(1.5, gt=0, description="Sd of its logit: 90 % within .08 and .92, near uniform.")
    nu: float = Field(
        0.5,
        gt=0,
        lt=1,
        description=(
            "Median weight of a zone's access to ports in its supply: 0, licenses alone; 1, full access. Only "
            "purchase cities identify it (docs/method.md 5.2)."
        ),
    )
    nu_sd: float = Field(1.5, gt=0, description="Sd of its logit, as of mu.")
    volume_power: float = Field(
        1.0,
        description=(
            "Mean power of a port's yearly vehicles: 1, guns cross as cars do; 0, all ports alike. Left free, it fell "
            "to .2 and hand ferries took 3 to 5 % (docs/method.md 5.2)."
        ),
    )
    volume_power_sd: float = Field(0.15, gt=0, description="Its sd; small for that reason.")
    port_effect_sd: float = Field(
        0.5,
        gt=0,
        description="Sd of a port's deviation, logarithm: one in twenty off by a factor over 2.7 (docs/method.md 5.2).",
    )
    laws: float = Field(
        -0.545,
        description="Mean change of log supply per standard deviation of state laws: ln .58 [Takada2021].",
    )
    checks: float = Field(
        0.0,
        description="Mean change of log supply per unit of log checks per dealer: 0, because no published study gives it.",
    )
    state_terms_sd: float = Field(
        0.25,
        gt=0,
        description="Sd of both: 98 % of prior draws have the published sign of laws.",
    )
    state_effect_sd: float = Field(
        0.5, gt=0, description="Sd of a US state's deviation, log supply. Judgment."
    )
    zone_effect_sd: float = Field(
        0.35,
        gt=0,
        description=(
            "Scale of a zone's deviation, log supply, Student t with 4 degrees of freedom: a few zones sell much more than "
            "their licenses suggest (docs/method.md 3.1). Judgment."
        ),
    )
    demand_seizures: float = Field(
        0.2,
        description="Mean power of municipal seizures in demand, the smallest of the three: as shipped they date from 2006-11. Judgment.",
    )
    demand_homicides: float = Field(0.4, description="Mean power of firearm homicides in demand. Judgment.")
    demand_population: float = Field(
        0.4,
        description="Mean power of population in demand; the three sum to 1, so demand grows with size. Judgment.",
    )
    demand_terms_sd: float = Field(0.2, gt=0, description="Sd of each of the three. Judgment.")
    demand_effect_sd: float = Field(
        0.5,
        gt=0,
        description="Sd of a Mexican state's deviation, log demand: recoveries are not case files (docs/method.md 5.2).",
    )
    affinity_sd: float = Field(
        0.5,
        gt=0,
        description=(
            "Sd of a state pair's deviation, log flow: allows published pairs to contradict that a destination depends "
            "on the port alone (omega of docs/method.md 3.3)."
        ),
    )


class ShowSettings(Section):
    """Prior weight and reach of gun shows in supply; no figure about guns that reached Mexico identifies them."""

    part: float = Field(
        0.035,
        ge=0,
        lt=1,
        description=(
            "Fraction of all supply, 0 to 1: between the 3.2 % (intrastate) and 4.3 % (interstate) of trafficking "
            "investigations that involve a gun show, flea market or auction, 2017-21 [ATF2024]. Close to a cap, because "
            "it includes the last two."
        ),
    )
    reach_km: float = Field(
        80.0,
        gt=0,
        description="Distance in kilometers at which a show's weight falls to 1 / e: about an hour. Judgment.",
    )


class DemandSettings(Section):
    """How much an old measure of demand counts against newer ones."""

    kept_per_year: float = Field(
        0.89,
        ge=0,
        le=1,
        description=(
            "Part of the geography of municipal seizures that is kept for each year of their age, against the newest case files; "
            "the rest goes where people live. No unit; 1: age does not count. Of the states' departures from population in 2006-11, .21 "
            "is found again in the case files of 2020-25, and .89 over 14 years is .20 (docs/method.md 3.4)."
        ),
    )


DEFAULT_DEMAND = DemandSettings()
"""Weight of old measures by default."""
DEFAULT_SHOWS = ShowSettings()
"""Weight and reach of shows by default."""
