# SPDX-License-Identifier: Apache-2.0
"""Which of the labelling guide's topics does a service in the directory answer?

The directory's sources use their own names for crimes. `ANY` stands for whatever happened.
"""

from __future__ import annotations

from collections.abc import Iterable

ANY = "any"

TOPICS = frozenset(
    "domestic_abuse sexual_violence child_abuse stalking_harassment hate_crime modern_slavery"
    " honour_based_abuse fraud burglary_theft robbery_violence antisocial_behaviour"
    " criminal_damage homicide_bereavement road_traffic online_abuse_image terrorism elder_abuse"
    " mental_distress court_process compensation restorative_justice complaint police_update"
    " other none".split()
)

# A major incident that is neither a killing nor terrorism has no topic of its own.
TOPICS_OF_CRIME = {
    "any": (ANY,),
    "abuse_of_adults": ("elder_abuse",),
    "asb": ("antisocial_behaviour",),
    "child_abuse": ("child_abuse",),
    "child_abuse_past": ("child_abuse",),
    "child_sexual_abuse": ("child_abuse",),
    "child_sexual_exploitation": ("child_abuse",),
    "cyber": ("fraud",),
    "domestic_abuse": ("domestic_abuse",),
    "forced_marriage": ("honour_based_abuse",),
    "fraud": ("fraud",),
    "harassment": ("stalking_harassment",),
    "hate": ("hate_crime",),
    "homicide": ("homicide_bereavement",),
    "honour_based_abuse": ("honour_based_abuse",),
    "image_based_abuse": ("online_abuse_image",),
    "major_incident": (),
    "modern_slavery": ("modern_slavery",),
    "road_crash": ("road_traffic",),
    "sexual": ("sexual_violence",),
    "stalking": ("stalking_harassment",),
    "terrorism": ("terrorism",),
    "violence": ("robbery_violence",),
}

# Some tiers answer a question rather than a crime.
TOPIC_OF_TIER = {
    "compensation": "compensation",
    "complaints": "complaint",
    "criminal_justice": "court_process",
    "crisis": "mental_distress",
    "statutory": "police_update",
}


def topics_for(crime_types: Iterable[str], tier: str) -> frozenset[str]:
    """Return the topics of a service of this tier for these crimes; KeyError for an unknown one."""
    found = {topic for crime in crime_types for topic in TOPICS_OF_CRIME[crime]}
    return frozenset(found | ({TOPIC_OF_TIER[tier]} if tier in TOPIC_OF_TIER else set()))
