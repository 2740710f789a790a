from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, lists

from corridors.core.held_out import Freight, PortEvents, SeizureEvents
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.validation import ScoreCode, validate
from corridors.inference.validation.external_data import (
    FLOOR,
    free_flow_legs,
    freight_tests,
    mean_over_places,
    plain_logit,
    port_event_tests,
    seizure_event_tests,
)
from corridors.inference.validation.score import compare
from tests.inference.toy import CIUDAD, EAST, LEJOS, MEDIO, PUEBLO, WEST

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, Evidence, HeldOut
    from corridors.inference.fitting import Problem

EVENTS = SeizureEvents(
    municipality=np.array([LEJOS, CIUDAD, PUEBLO]),
    weight=np.array([1.0, 0.5, 0.5]),
    bulletin=np.array([4, 7, 7]),
)
"""Two events, one of which a bulletin places in two municipalities."""
PORT_EVENTS = PortEvents(
    names=("East 2024", "one of both"),
    ports=np.array([[True, False], [True, True]]),
    office=np.array([[True, True], [True, True]]),
    article=np.array([0, 1]),
)


@pytest.fixture(scope="module")
def problem(toy_arcs: Arcs, toy_evidence: Evidence) -> Problem:
    return prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=4))


@pytest.fixture(scope="module")
def posterior(problem: Problem) -> FlowDraws:
    return infer(problem)


def by_port(value: list[list[float]]) -> Freight:
    """Return freight of Arizona through two cities, a port in each; a row a city, a column a Mexican state."""
    return Freight(np.array([value]), np.array([EAST, WEST]))


def test_events_are_scored_by_modeled_arrivals(
    toy_evidence: Evidence, held: HeldOut, posterior: FlowDraws
) -> None:
    all_people, all_homicides, north_people, _ = seizure_event_tests(toy_evidence, held, EVENTS, posterior)
    arrivals = (1 - FLOOR) * posterior.port_municipality.mean(axis=0).sum(axis=0) + FLOOR / 4
    expected = (np.log(arrivals[LEJOS]) + 0.5 * np.log(arrivals[CIUDAD]) + 0.5 * np.log(arrivals[PUEBLO])) / 2
    assert all_people.model == pytest.approx(expected)
    people = 0.99 * np.array([100_000, 50_000, 500_000]) / 670_000 + 0.0025
    lejos, pueblo, ciudad = np.log(people)
    assert all_people.null_score == pytest.approx((lejos + 0.5 * ciudad + 0.5 * pueblo) / 2)
    # only Ciudad has homicides: the others are left with their part of the floor
    assert all_homicides.null_score == pytest.approx((1.5 * np.log(0.0025) + 0.5 * np.log(0.9925)) / 2)
    # both of the toy's states are northern
    assert north_people.model == pytest.approx(expected)
    assert [name for name, *_ in all_people.detail] == ["08", "26"]
    assert all_people.detail[0][1:] == pytest.approx((np.log(arrivals[LEJOS]), lejos))


def test_northern_states_are_compared_among_themselves(
    toy_evidence: Evidence, held: HeldOut, posterior: FlowDraws
) -> None:
    evidence = replace(toy_evidence, mx_states=("09", "26"))
    _, _, north, _ = seizure_event_tests(evidence, held, EVENTS, posterior)
    assert north.measure == "log_probability_north"
    assert north.size == 2
    people = 0.99 * np.array([50_000, 500_000]) / 570_000 + 0.01 / 3
    assert north.null_score == pytest.approx(np.log(people).mean())
    elsewhere = replace(evidence, mx_states=("09", "10"))
    assert len(seizure_event_tests(elsewhere, held, EVENTS, posterior)) == 2


def test_goods_that_go_as_the_model_says_leave_no_difference(
    problem: Problem, held: HeldOut, posterior: FlowDraws
) -> None:
    own = posterior.state_flow.mean(axis=0)[0]
    tests = freight_tests(problem, held, by_port((1e9 * own).tolist()), posterior)
    assert [(test.measure, test.null) for test in tests] == [
        (measure, rule)
        for measure in ("total_variation", "log_probability")
        for rule in ("nearest_whole_way", "volume", "plain_logit")
    ]
    for test in tests[:3]:
        assert test.model == pytest.approx(0, abs=1e-9)
        assert test.low >= 0
    for test in tests[3:]:
        assert test.model >= test.null_score
    assert tests[2].passed is tests[5].passed is None


def test_pairs_count_as_their_share_of_the_flow(
    problem: Problem, held: HeldOut, posterior: FlowDraws
) -> None:
    # all goods for 08 go west, all for 26 east
    (test, *_) = freight_tests(problem, held, by_port([[0, 7], [5, 0]]), posterior)
    flow = posterior.state_flow.mean(axis=0)[0]
    pair = flow.sum(axis=0)
    assert test.model == pytest.approx(pair @ [flow[EAST, 0] / pair[0], flow[WEST, 1] / pair[1]])
    assert [name for name, *_ in test.detail] == ["AZ-26", "AZ-08"]
    # a pair without goods is not compared
    (alone, *_) = freight_tests(problem, held, by_port([[0, 7], [0, 0]]), posterior)
    assert alone.size == 1
    assert alone.model == pytest.approx(flow[WEST, 1] / pair[1])


def test_flow_through_a_port_without_goods_is_a_difference(
    problem: Problem, held: HeldOut, posterior: FlowDraws
) -> None:
    freight = replace(by_port([[3, 7], [0, 0]]), port_city=np.array([0, -1]))
    tests = freight_tests(problem, held, freight, posterior)
    flow = posterior.state_flow.mean(axis=0)[0]
    assert tests[0].model == pytest.approx(flow[WEST].sum() / 2)
    assert tests[3].model < 0


def test_no_goods_no_test(problem: Problem, held: HeldOut, posterior: FlowDraws) -> None:
    assert freight_tests(problem, held, by_port([[0, 0], [0, 0]]), posterior) == []


def test_vehicles_share_by_their_number(problem: Problem, held: HeldOut, posterior: FlowDraws) -> None:
    tests = freight_tests(problem, held, by_port([[3, 3], [1, 1]]), posterior)
    # 300,000 vehicles east, 100,000 west
    assert tests[1].null_score == pytest.approx(0, abs=1e-12)
    entropy = 0.75 * np.log(0.99 * 0.75 + 0.005) + 0.25 * np.log(0.99 * 0.25 + 0.005)
    assert tests[4].null_score == pytest.approx(entropy)


def test_the_whole_way_is_the_drawn_one(problem: Problem, held: HeldOut, posterior: FlowDraws) -> None:
    hours = free_flow_legs(problem)
    # north to the east port: I-19 and I-10; the toll road from there to Ciudad takes an hour whatever its toll
    on_road = hours.us[0] - problem.evidence.connectors.zone_hours[0]
    assert on_road[[EAST, WEST]] == pytest.approx([2, 2], abs=1e-4)
    assert np.exp(hours.log_mx[EAST, CIUDAD]) == pytest.approx(1, abs=1e-4)
    assert np.exp(problem.median.legs.log_mx[EAST, CIUDAD]) > 1.05
    # of 08 all is nearer by the east port; of 26 so is Ciudad, but not Pueblo, with a tenth of the people counted here
    people = np.zeros(4)
    people[[LEJOS, PUEBLO, CIUDAD]] = 100, 10, 90
    own = replace(held, municipality_population=people)
    tests = freight_tests(problem, own, by_port([[1, 9], [0, 1]]), posterior)
    assert tests[0].null == "nearest_whole_way"
    assert tests[0].null_score == pytest.approx(0, abs=1e-12)


def test_a_plain_logit_is_one_e_fold_an_hour(problem: Problem, held: HeldOut) -> None:
    hours, evidence = free_flow_legs(problem), problem.evidence
    # 300,000 vehicles for half the day against 100,000 for all of it; Pueblo is an hour nearer by the west port
    share = plain_logit(evidence, hours, 0)
    assert share.sum(axis=0) == pytest.approx(np.ones(4))
    assert np.log(share[EAST] / share[WEST])[PUEBLO] == pytest.approx(np.log(1.5) - 1, abs=1e-3)
    assert np.log(share[EAST] / share[WEST])[MEDIO] == pytest.approx(np.log(1.5), abs=1e-3)
    mean = mean_over_places(evidence, held, lambda zone: plain_logit(evidence, hours, zone))
    assert mean.sum(axis=1) == pytest.approx(np.ones((1, 2)))
    people = held.municipality_population[[PUEBLO, CIUDAD, MEDIO]]
    north, south = (plain_logit(evidence, hours, zone)[EAST, 1:] @ people / people.sum() for zone in (0, 1))
    assert mean[0, EAST, 1] == pytest.approx(0.9 * north + 0.1 * south)


def test_events_at_ports_are_compared_inside_one_office(toy_evidence: Evidence, posterior: FlowDraws) -> None:
    by_volume, equal = port_event_tests(toy_evidence, PORT_EVENTS, posterior)
    east = 0.99 * posterior.port_share.mean(axis=0)[EAST] + 0.005
    assert by_volume.model == equal.model == pytest.approx(np.log(east) / 2)
    assert by_volume.null_score == pytest.approx(np.log(0.99 * 0.75 + 0.005) / 2)
    assert equal.null_score == pytest.approx(np.log(0.5) / 2)
    assert [name for name, *_ in equal.detail] == ["East 2024", "one of both"]
    # each in an office of its own: nothing to choose
    apart = replace(PORT_EVENTS, office=np.array([[True, False], [True, True]]))
    assert all(
        test.model == pytest.approx(0, abs=1e-12) for test in port_event_tests(toy_evidence, apart, posterior)
    )


def test_they_stand_in_the_order_of_their_codes(
    problem: Problem, held: HeldOut, posterior: FlowDraws
) -> None:
    full = replace(held, seizure_events=EVENTS, freight=by_port([[1, 2], [3, 4]]), port_events=PORT_EVENTS)
    codes = [test.code for test in validate(problem, full, posterior)]
    external = [ScoreCode.SEIZURE_EVENTS] * 4 + [ScoreCode.FREIGHT] * 6 + [ScoreCode.PORT_EVENTS] * 2
    assert [code for code in codes if code in external] == external
    assert codes == sorted(codes, key=lambda code: (int(code[1:].rstrip("b")), code))
    assert not set(external) & {test.code for test in validate(problem, held, posterior)}


@given(lists(floats(-5, 5), min_size=1, max_size=9))
def test_equal_weights_and_groups_of_one_change_nothing(values: list[float]) -> None:
    cases = [str(n) for n in range(len(values))], values, [0.0] * len(values)
    plain = compare(ScoreCode.PORT_EVENTS, "log_probability", "equal", cases, passes=None)
    weighted = compare(
        ScoreCode.PORT_EVENTS,
        "log_probability",
        "equal",
        cases,
        passes=None,
        weight=np.full(len(values), 3.0),
        group=np.arange(len(values)) + 5,
    )
    assert weighted.model == pytest.approx(plain.model)
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), nan_ok=True)


def test_a_bulletin_is_drawn_whole() -> None:
    values = [1.0, 3.0, 1.0, 3.0]
    cases = ["a", "b", "c", "d"], values, [0.0] * 4
    one = compare(
        ScoreCode.PORT_EVENTS, "log_probability", "equal", cases, passes=None, group=np.zeros(4, dtype=int)
    )
    assert one.low == one.high == one.model == 2
    # a heavy case pulls the mean and its band
    heavy = compare(
        ScoreCode.PORT_EVENTS,
        "log_probability",
        "equal",
        cases,
        passes=None,
        weight=np.array([0.0, 1.0, 0.0, 1.0]),
        group=np.array([0, 0, 1, 1]),
    )
    assert heavy.low == heavy.high == heavy.model == 3
