/* The practitioners' and families' months as a C programmer would write them: one loop over people, one over families.
   Records and parameters come from world.h, which run.py writes from the engine's own declarations. */
#include <stdlib.h>
#include "world.h"
#include <stdint.h>

#define GOLDEN 0x9E3779B97F4A7C15ull
enum { PERSON = 0, NEWCOMER = 1, TRAINING = 2, FAMILY = 5 };
enum { UNKNOWN = 0, WAITING = 1, ENDED = 100 };
enum { EVER = 1, REACHED = 2, AT_FIDELITY = 4, GAVE_UP = 8, MISTAKEN = 16 };

static inline uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}
static inline uint64_t word_key(uint64_t key, int word, int64_t month) {
    return mix(key + ((uint64_t)month * 256 + (uint64_t)word + 1) * GOLDEN);
}
static inline double upper(uint64_t w) { return (double)(w >> 32) * 2.3283064365386963e-10; }
static inline double lower(uint64_t w) { return (double)(w & 0xFFFFFFFFu) * 2.3283064365386963e-10; }
static inline double clip(double v) { return v < 0.0 ? 0.0 : v > 1.0 ? 1.0 : v; }
static inline double share(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }
static inline double around(double centre, double spread, double u) { return clip(centre + spread * (2.0 * u - 1.0)); }
static inline double probability(double hazard) {
    double x = (hazard > 32.0 ? 32.0 : hazard) * 0.125, s = x * x;
    double even = 1.0 + s * 0.1, odd = x * (0.5 + s * (1.0 / 120.0)), p = (even - odd) / (even + odd);
    p = p * p;
    p = p * p;
    return 1.0 - p * p;
}
static inline double hazard_of_yearly(double q) {
    return q * (1.0 + q * (0.5 + q * (1.0 / 3.0 + q * (0.25 + q * 0.2)))) / 12.0;
}
static inline double training_factor(const Practitioner *p, int kind) {
    return kind == 3 ? 1.0 : kind == 2 ? p->start_demonstration : kind == 1 ? p->start_theory : p->start_untrained;
}
static inline double first_skill(const Practitioner *p, int kind) {
    return kind == 3 ? p->skill_practice : kind == 2 ? p->skill_demonstration : kind == 1 ? p->skill_theory
                                                                                          : p->skill_untrained;
}

void practise(Area *areas, Lever *levers, Site *sites, int64_t n_sites, Leader *leaders, double *load, double *between,
              int64_t agencies, People w, Practitioner *p, uint64_t key, int64_t month) {
    uint64_t person = word_key(key, PERSON, month), newcomer = word_key(key, NEWCOMER, month);
    uint64_t training = word_key(key, TRAINING, month);
    double settling = probability(0.6931471805599453 / p->skill_half_life);
    int64_t flips = 0;
    int32_t *far = calloc((size_t)sites[n_sites - 1].last_person, sizeof *far);
    for (int64_t i = 0; i < n_sites; i++) {
        Site *s = &sites[i];
        if (levers[s->area].joint_share <= 0.0 && between[s->area * agencies + s->agency] <= 0.0) continue;
        for (int64_t j = s->first_person; j < s->last_person; j++) {
            w.partner[j] = 0.0;
            far[j] = 0;
            for (int64_t k = 0; k < w.width; k++) {
                int32_t o = w.partners[j * w.width + k];
                if (o < 0) continue;
                far[j] += w.using_[o];
                if (w.trained[o] && w.skill[o] > w.partner[j]) w.partner[j] = w.skill[o];
            }
        }
    }
    for (int64_t i = 0; i < n_sites; i++) {
        Site *s = &sites[i];
        Area *a = &areas[s->area];
        Lever *l = &levers[s->area];
        double dose = s->dose, commitment = leaders[s->manager].commitment;
        int64_t everyone = sites[a->last_site - 1].last_person - sites[a->first_site].first_person;
        double carried = load[s->area * agencies + s->agency];
        if (s->month_started >= 0) carried = carried + l->data_burden;
        if (a->posts > 0.0) carried = carried * ((double)everyone / ((double)everyone + a->posts));
        double factor = l->turnover_factor;
        if (s->agency == EDUCATION) {
            double peak = a->calendar == 8 ? p->turnover_august : (12.0 - p->turnover_august) / 11.0;
            factor = factor * (1.0 + l->school_year * (peak - 1.0));
        }
        double total = carried + p->load_deprivation * s->deprivation;
        if (s->secondary == 1) total = total + p->load_secondary;
        double overloaded = clip(total * (1.0 - a->alignment));
        double through = between[s->area * agencies + s->agency];
        int kind = (int)l->training, engaged = s->stage != NOT_ENGAGED;
        double induct = s->month_started >= 0 && kind > 0 ? probability(p->induction * s->able) : 0.0;
        double coached = dose >= p->dose_sufficient ? 1.0 : dose / p->dose_sufficient;
        double stay = 1.0 - (1.0 - p->turnover_coached) * coached;
        double poor = 1.0 + p->turnover_deprivation * s->deprivation;
        double leave[2][2];
        for (int care = 0; care < 2; care++) {
            double h = hazard_of_yearly(care ? p->turnover_care : p->turnover_education) * factor * poor;
            leave[care][0] = probability(h);
            leave[care][1] = probability(h * stay);
        }
        double heard = dose * l->fidelity_feedback;
        double shortfall = heard >= p->dose_sufficient ? 0.0 : 1.0 - heard / p->dose_sufficient;
        double sum = 0.0;
        int users = 0, aware = 0, trained = 0, stopped = 0, at_fidelity = 0;
        for (int64_t j = s->first_person; j < s->last_person; j++) {
            uint64_t luck = mix(person + w.id[j]);
            int used = w.using_[j];
            if (upper(luck) < leave[w.care[j]][used]) {
                uint64_t word = mix(newcomer + w.id[j]);
                w.aware[j] = w.trained[j] = w.using_[j] = w.ever_used[j] = 0;
                w.skill[j] = 0.0;
                w.level[j] = around(s->level, p->level_spread, upper(word));
                w.readiness[j] = around(s->readiness, p->readiness_spread, lower(word));
                w.joined[j] = (int32_t)month;
            } else {
                double ties = (double)(w.tie_ptr[j + 1] - w.tie_ptr[j]);
                double met = w.partners[j * w.width] >= 0 ? (double)w.width : 0.0;
                double peers = share(w.peers[j] + through * far[j], ties + through * met), move = lower(luck);
                int was_trained = w.trained[j];
                if (!was_trained) {
                    double trains = upper(mix(training + w.id[j]));
                    if (trains < induct) {
                        w.trained[j] = 1;
                        s->trained_now += 1;
                    } else if (trains < induct + a->taught)
                        w.trained[j] = 1;
                }
                if (used) {
                    double held = (1.0 - p->lapse_manager * commitment) * (1.0 - p->lapse_coaching * dose) *
                                  (1.0 - p->lapse_peers * peers);
                    if (move < probability(p->lapse * held * (1.0 + overloaded)))
                        w.using_[j] = 0;
                    else
                        w.skill[j] = w.skill[j] + p->skill_coaching * dose * (1.0 - w.skill[j]) +
                                     settling * shortfall * (w.level[j] - w.skill[j]);
                } else if (w.aware[j]) {
                    int mine = was_trained ? kind : 0;
                    double draw = p->start_peers * (peers * (1.0 + l->champions)) + p->start_manager * commitment +
                                  p->start_support * dose;
                    draw = draw + p->start_mandate * l->mandate * commitment;
                    double hazard = w.readiness[j] * draw * (1.0 - overloaded) * training_factor(p, mine);
                    if (move < probability(hazard)) {
                        double skill = first_skill(p, mine);
                        w.using_[j] = w.ever_used[j] = 1;
                        if (skill > w.skill[j]) w.skill[j] = skill;
                    }
                } else {
                    double hazard = p->awareness_mass + p->awareness_peers * peers;
                    if (engaged) hazard = hazard + p->awareness_engaged;
                    if (move < probability(hazard)) w.aware[j] = 1;
                }
                if (w.trained[j]) w.aware[j] = 1;
            }
            if (w.using_[j] != used) w.flips[flips++] = (int32_t)j;
            double fidelity = 0.0;
            if (w.using_[j]) {
                double weaker = w.partner[j] < w.skill[j] ? w.partner[j] : w.skill[j];
                double together = (1.0 - l->joint_share) * w.skill[j] + l->joint_share * weaker;
                fidelity = together * (1.0 - s->barrier) * (1.0 - a->system_barrier) * a->usability;
            }
            w.fidelity[j] = fidelity;
            sum += fidelity;
            at_fidelity += fidelity >= p->fidelity_criterion;
            users += w.using_[j];
            aware += w.aware[j];
            trained += w.trained[j];
            stopped += w.ever_used[j] && !w.using_[j];
        }
        s->users = users, s->aware = aware, s->trained = trained, s->stopped = stopped;
        s->at_fidelity = at_fidelity, s->fidelity = sum;
    }
    for (int64_t f = 0; f < flips; f++) {
        int64_t j = w.flips[f];
        int change = w.using_[j] ? 1 : -1;
        for (int64_t k = w.tie_ptr[j]; k < w.tie_ptr[j + 1]; k++) w.peers[w.tie_index[k]] += change;
    }
    free(far);
}

static inline void count(int64_t *t, int sign, int64_t need, int path, int history, int64_t benefit) {
    int reached = (history & REACHED) != 0;
    t[1] += sign * need;
    t[2] += sign * (need && path != UNKNOWN);
    t[3] += sign * (need && path == WAITING);
    t[4] += sign * ((history & EVER) != 0);
    t[5] += sign * reached;
    t[6] += sign * ((history & AT_FIDELITY) != 0);
    t[7] += sign * benefit;
    t[8] += sign * benefit * need;
    t[9] += sign * (need && reached);
    t[10] += sign * ((history & GAVE_UP) != 0);
    t[11] += sign * ((history & MISTAKEN) != 0);
}

void serve(Area *areas, int64_t n_areas, Lever *levers, Site *sites, int64_t n_sites, People w, Families f,
           int64_t *tally, int64_t columns, Practitioner *pp, Family *p, uint64_t key, int64_t month) {
    uint64_t word = word_key(key, FAMILY, month);
    double offer = probability(p->offer), again = probability(p->offer_again), by_itself = probability(p->resolve);
    double m = 1.0 - p->complete;
    double series = m * (1.0 + m * (0.5 + m * (1.0 / 3.0 + m * (0.25 + m * (0.2 + m / 6.0)))));
    double drop = probability(series / p->episode_months);
    double unaided = probability(p->identify + p->identify_practice * 0.0);
    double first[5] = {p->need_fifth1, p->need_fifth2, p->need_fifth3, p->need_fifth4, p->need_fifth5}, arises[5];
    for (int k = 0; k < 5; k++) arises[k] = by_itself * first[k] / (1.0 - first[k]);
    for (int64_t a = 0; a < n_areas; a++) {
        areas[a].place_share = 1.0;
        areas[a].lost = 0.0;
        if (levers[a].support_places < NO_LIMIT) __builtin_trap(); /* not in the scenario that is timed */
    }
    for (int64_t i = 0; i < n_sites; i++) {
        Site *s = &sites[i];
        Area *a = &areas[s->area];
        double effect = levers[s->area].true_effect, wrong = levers[s->area].misidentification;
        double offered = offer * a->place_share * s->service, lost = a->lost;
        for (int64_t h = s->first_family; h < s->last_family; h++) {
            uint64_t luck = mix(word + f.id[h]);
            double chance = upper(luck), way = lower(luck);
            int need = f.home[h].need, path = f.home[h].path, history = f.home[h].history, fifth = f.home[h].fifth;
            if (need == 0) {
                if (wrong <= 0.0 && chance >= arises[fifth] && path == UNKNOWN) continue;
                int now = UNKNOWN, after = history;
                if (chance < arises[fifth])
                    need = 1, after |= EVER;
                else if (wrong > 0.0 &&
                         way < wrong * (p->identify + p->identify_practice * w.fidelity[f.home[h].person]))
                    now = WAITING, after |= MISTAKEN;
                int64_t *t = tally + (s->zone * 5 + fifth) * columns;
                count(t, -1, 0, path, history, f.home[h].benefit);
                count(t, 1, need, now, after, f.home[h].benefit);
                f.home[h].need = (uint8_t)need, f.home[h].path = (uint8_t)now, f.home[h].history = (uint8_t)after;
                continue;
            }
            int64_t benefit = f.home[h].benefit;
            int after = history, now = path, using = w.using_[f.home[h].person];
            double fidelity = w.fidelity[f.home[h].person], resolves = by_itself;
            if (using && path > WAITING && path != ENDED) {
                after |= fidelity < pp->fidelity_criterion ? REACHED : REACHED | AT_FIDELITY;
                benefit += (int64_t)(1000000.0 * effect * fidelity / p->episode_months + 0.5);
                resolves = probability(p->resolve + p->recover * effect * fidelity);
            }
            if (chance < resolves)
                need = 0, now = UNKNOWN;
            else if (path == UNKNOWN) {
                double notice = fidelity > 0.0 ? probability(p->identify + p->identify_practice * fidelity) : unaided;
                if (way < notice) now = WAITING;
            } else if (path == WAITING) {
                if (way >= 1.0 - lost)
                    now = ENDED, after |= GAVE_UP;
                else if (using && way < offered)
                    now = way < offered * p->enrol ? 1 + (int)p->episode_months : ENDED;
            } else if (path == ENDED)
                now = way < again ? WAITING : ENDED;
            else
                now = way < drop || path == 2 ? ENDED : path - 1;
            if (need != 1 || now != path || after != history || benefit != f.home[h].benefit) {
                int64_t *t = tally + (s->zone * 5 + fifth) * columns;
                count(t, -1, 1, path, history, f.home[h].benefit);
                count(t, 1, need, now, after, benefit);
                f.home[h].need = (uint8_t)need, f.home[h].path = (uint8_t)now, f.home[h].history = (uint8_t)after;
                f.home[h].benefit = (int32_t)benefit;
            }
        }
    }
}
