"""Plans found under a budget: which zones, which sites first, when, with how large a team, and how sure we are.

The names, from the question to the answer; each has its module.

- `question.Question` is what was asked: limits for each year, people, support, wishes for sites, what counts and the
  smallest difference worth having, and the choices that may be searched. `asking` reads it from a file, `template`
  writes a commented one, `prices` says which levers may be searched and what each is charged for.
- `candidate.Candidate` is one plan in canonical form: its zones (named sites, month of opening, time of local teams)
  and the levers that it sets. Two candidates with the same key are the same plan. It becomes a `Scenario` to be run.
- `space.Space` is what may be chosen on this organisation. `space.Space.fitted` brings any candidate within what can be
  told without running it: wishes for sites, openings in a school term, people.
- `trials.Trials` runs candidates: an `Ask` (candidate, set of random numbers, replicates) gives a `Trial` (a row of
  outcomes for each replicate). Sets have seeds of their own; within a set all candidates share random numbers.
  `kept_runs.KeptRuns` is the real one, on the store and the pools of sweeps; tests use one whose truth is known.
- `limits` judges a trial: what each year spends, in which replicates a limit is broken, and how sure that is.
- `purposes.Purpose` is what a plan can be best at; `purposes.score` orders trials for it.
- `starts`, `moves`, `race`: where the search begins, one step from a plan to a neighbour, successive halving and local
  searches. `front` thins what was tried to plans that differ by more than the smallest difference worth having.
- `fresh`: finalists are chosen on fresh set 1 and reported on fresh set 2 with simultaneous intervals.
- `futures` and `reasons`: where the plans fail, and what each feature of the best is worth.
- `refusal`: the answer when no plan can meet the limits.
- `report` and `words` make the answer; `folder` keeps it; `study.plan` does all of it in order.

Whatever depends on chance is drawn from generators seeded by the question's seed; asks go out in batches of a fixed
size, and results are read in the order of the plans' keys, so that threads, machines and interruptions never matter.
"""
