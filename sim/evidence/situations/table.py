"""Every published figure that the model is held against: one table.

C1-C4 are what calibration aims at; V1-V9 are never aimed at. `zones evidence` and docs/evidence.md are made from it.
Sources and grades: "lit" rows as in docs/evidence.md (A read at the source, B quoted by a secondary page).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.evidence.situations import cohorts
from sim.evidence.situations import readings as area
from sim.evidence.situations.readings import Measure

FITTED, PREDICTED, ASSUMED = "fitted", "predicted", "assumed"
AS_CITED, AS_PUBLISHED = "as-cited", "as-published"
CALIBRATIONS = (AS_CITED, AS_PUBLISHED)


@dataclass(frozen=True)
class Situation:
    """A published figure and the situation it describes.

    Attributes:
        id: its stable name.
        rows: rows of the literature table it rests on.
        measure: what is measured, in what situation.
        target: the published band in words.
        source: who published it.
        grade: A read at the source, B in a secondary page that quotes it.
        kind: FITTED, PREDICTED, or ASSUMED (an input that is only checked).
        bears: one sentence on what the figure can and cannot show.
        simulate: laboratory to readings; the first is the one that summaries use.
        calibration: the calibration that fits it; '' both.
    """

    id: str
    rows: str
    measure: str
    target: str
    source: str
    grade: str
    kind: str
    bears: str
    simulate: Measure
    calibration: str = ""

    def kind_under(self, calibration: str) -> str:
        """What it is under a calibration: a figure that the other calibration fits is predicted here."""
        if self.kind == FITTED and (not calibration or (self.calibration and self.calibration != calibration)):
            return PREDICTED
        return self.kind


SITUATIONS = (
    Situation(
        "C1", "1.1", "sites of the first zone certified 36 months after their own start, of those started",
        "0.78-0.90", "Fixsen, Blase, Timbers & Wolf 2001, as cited in the 2018 summary", "B", FITTED,
        "Weak: the summary's wording of an eventual share as a three-year share, from one programme in North America; "
        "it says nothing about an area as a whole.",
        area.certified_at_36, AS_CITED,
    ),
    Situation(
        "C1-as-published", "1.1", "the same sites, 120 months: share ever certified; mean years among them",
        "0.75-0.90; 3.0-4.0 years", "Fixsen, Blase, Timbers & Wolf 2001, via NIRN", "B", FITTED,
        "Weak: one reading of the source (an eventual share, a mean time); nobody else has measured both.",
        area.certified_at_last, AS_PUBLISHED,
    ),
    Situation(
        "C2", "1.3", "practitioners using the practice with no organised support, month 204, of all",
        "0.10-0.18", "Balas & Boren 2000; Green & Seifert 2005", "B", FITTED,
        "Weak: research flowing into clinical practice, not children's services, and good to four points at best.",
        area.using_after_17_years,
    ),
    Situation(
        "C3", "1.8", "share of the practice omitted at train-and-hope sites with three users or more, month 36",
        "median 0.40-0.65; 5th and 95th percentile within 0.20-0.85", "Durlak 1998, via the 2018 summary", "B", FITTED,
        "A range over different programmes: it bounds what is plausible and says little about the middle.",
        area.omitted,
    ),
    Situation(
        "C4", "1.11, 1.12", "gain in delivered practice from teams at month 36, top to bottom tertile of runs by "
        "leaders' baseline commitment", "3-10", "Rodgers, Hunter & Rogers 1993, via the 2018 summary", "B", FITTED,
        "Weak: productivity in firms and agencies; it supports the direction and the rough size, not the figure.",
        area.leadership_gain,
    ),
    Situation(
        "V1", "2.1", "one cohort, no peers, six months after training: practitioners using the practice",
        "<= 0.03 / <= 0.05 / 0.03-0.15 / 0.70-0.97", "Joyce & Showers 2002", "B", ASSUMED,
        "An authors' estimate, not a measurement; rates of starting were set with it in mind, so this is a check.",
        cohorts.after_training,
    ),
    Situation(
        "V2", "1.6", "practitioners at fidelity after five years of train-and-hope, of all",
        "0.05-0.15", "Vernez et al. 2006; Aladjem & Borman 2006, via NIRN", "B", PREDICTED,
        "Whole-school reform with money and some help, judged by looser criteria than fidelity at 0.8.",
        area.as_intended_after_5_years,
    ),
    Situation(
        "V3", "3.3", "40 sites, one open zone: yearly new sites in initial implementation rise to year 3-5, then fall",
        ">= 0.80 of runs", "Kittelman et al., 552 districts", "A", PREDICTED,
        "It supports the shape over the years, not the numbers: districts choose freely, zones are planned.",
        area.yearly_joining,
    ),
    Situation(
        "V4", "3.7, 3.12, 3.13", "assessed fidelity of sites 36 months on against capacity, neighbours, early fidelity",
        "slopes > 0; correlation with capacity 0.15-0.5; early fidelity and data use before neighbours",
        "McIntosh et al. 2018; Blakely 2017; DSFI validation 2022", "A", PREDICTED,
        "Observational: it supports signs and order; the correlations carry the instruments' error as well as ours.",
        area.what_goes_with_fidelity,
    ),
    Situation(
        "V5", "1.9", "users' true fidelity at started, supported sites, months 12-48 after start",
        "mean 0.60-0.85; under 10 % of sites above 0.95", "Durlak & DuPre 2008, 542 interventions", "B", PREDICTED,
        "A band over many programmes, most of them trials: a ceiling on how well things go, hardly a target.",
        area.fidelity_with_support,
    ),
    Situation(
        "V6", "3.8, 3.9", "months to certification by type of site and deprivation",
        "primary before secondary; least deprived before most", "Kittelman et al. 2019", "A", PREDICTED,
        "It supports the order alone, and American schools are not Scottish ones.",
        area.who_is_certified_first,
    ),
    Situation(
        "V7", "4.9", "a coalition without coaching, data or site cycles against services as usual, month 48",
        "use up; fidelity of users within +-0.05", "Communities That Care, 12 and 12 towns", "A", PREDICTED,
        "Randomised towns, but the programmes differ from ours; it shows that structure alone does not lift fidelity.",
        area.coalition_alone,
    ),
    Situation(
        "V8", "4.13", "children's outcome regressed on fidelity over samples of 70 classes",
        "significant in well under all samples (taken as at most 0.80)", "Humphrey et al. 2018, 69 classes", "A",
        PREDICTED, "One trial: it shows that a true link is easily missed at this size, not how large the link is.",
        cohorts.classes,
    ),
    Situation(
        "V9", "7.1, 7.2, 7.8", "need at month 0 by deprivation fifth; families enrolling and completing",
        "each fifth within 0.02; ratio 2.75-4.5; 0.75 enrol (0.76 with counting error); <= 0.49 complete",
        "Scottish Health Survey 2015; Public Health Scotland; Chacko et al. 2016", "A", ASSUMED,
        "These are inputs: the check says that they arrive where they should, no more.",
        cohorts.intake,
    ),
)  # fmt: skip
"""In the order in which they are shown."""
