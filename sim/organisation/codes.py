"""The closed vocabularies of an organisation: agencies, site types, leader levels and a practice's scope."""

from __future__ import annotations

AGENCIES = ("education", "social_work", "health", "private", "third_sector")
EDUCATION, THIRD_SECTOR = 0, 4
STATUTORY = ("education", "social_work", "health")

SITE_TYPES = (
    "primary",
    "secondary",
    "special",
    "nursery",
    "health_visiting",
    "social_work",
    "family_support",
    "residential",
    "school_accommodation",
    "secure",
    "fostering",
    "adoption",
    "care_agency",
)
INTENDED_USERS = ("primary", "secondary", "special", "nursery", "health_visiting", "social_work", "family_support")

SENIOR, OPERATIONAL, MANAGER = 0, 1, 2
LEADER_LEVELS = ("senior", "operational", "manager")

FIFTHS = 5
STAGES = ("not_engaged", "exploration", "installation", "initial", "full", "not_sustained")
