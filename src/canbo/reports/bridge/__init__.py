"""The difference bridge: what changed a figure between two points, as parts that add up to the difference exactly.

A point is a question: a unit, a day (or a period), and what was known. A bridge walks from the first point to the
second in two steps that a person can repeat: first the register learns (same day, from the first `known` to the
second), then the days pass (all as known at the second). Both steps replay stretches: a version is known from the act
that asserted it to the act that retired it; a fact is so from the act that opened it to the act that closed it. Every
stretch that begins within the step adds what it weighs, under its opening act; every one that ends takes it away,
under its closing act. Hence admissions and deaths of the same year show as both, as every statistic shows them, and a
transfer within the unit cancels out: one act takes away and adds for the same subject.

What a stretch weighs is the figure's own condition, asked as the first question asks of what was there at the first
point, and as the second asks of all else (but of a subject gone before the second point: as the first). Where that
differs for what was there at both, the part is `about`: other facts changed. Where the unit of a fact came into the
scope or left it, the part is `scope`: the acts that moved units. A flow has no such days: what happened in only one of
two periods is the part, with the tree of its own day.
"""
