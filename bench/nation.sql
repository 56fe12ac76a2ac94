-- The set-based form of taking members over. Each statement begins with its name; `staged_cell` (n, unit, act) lists
-- the organisations of one province that have members. What becomes of a member follows from the key: no chance.

-- name: people
CREATE TEMP TABLE staged_person ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('registry_person', 'id')) AS person, i, c.unit, c.act
FROM staged_cell c,
     generate_series(%(first)s::bigint + c.n * %(people)s::bigint / %(cells)s,
                     %(first)s::bigint + (c.n + 1) * %(people)s::bigint / %(cells)s - 1) AS i

-- name: identities
INSERT INTO registry_person (id, code, introduced_by_id)
SELECT person, 'nation-' || i, act FROM staged_person

-- name: particulars
INSERT INTO registry_particulars (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                  asserted_by_id, person_id, name, sex, born, born_precision, ethnic_group)
SELECT key, key, unit, daterange(%(since)s, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), act, act, person,
       concat_ws(' ', (%(family)s::text[])[1 + i %% cardinality(%(family)s::text[])],
                 (%(middle)s::text[])[1 + i %% cardinality(%(middle)s::text[])],
                 (%(given)s::text[])[1 + i %% cardinality(%(given)s::text[])]), (%(sexes)s::text[])[1 + i %% cardinality(%(sexes)s::text[])],
       DATE '1945-01-01' + (i %% 21000)::int, 'd', ''
FROM (SELECT nextval(pg_get_serial_sequence('registry_particulars', 'id')) AS key, p.* FROM staged_person p) AS p

-- name: members
INSERT INTO registry_membership (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, person_id, stage, category, entry, ending)
SELECT key, key, unit, daterange(%(since)s, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), act, act, person,
       CASE WHEN (key * 7919) %% 1000 BETWEEN 45 AND 74 THEN %(before)s ELSE %(after)s END,
       (%(categories)s::text[])[1 + i %% cardinality(%(categories)s::text[])], %(entry)s, ''
FROM (SELECT nextval(pg_get_serial_sequence('registry_membership', 'id')) AS key, p.* FROM staged_person p) AS p

-- name: events
CREATE TEMP TABLE staged_event ON COMMIT DROP AS
SELECT m.id, m.fact, m.unit_id, m.person_id, m.stage, m.category, m.entry, m.opened_by_id, v.verb, v.act,
       CASE WHEN v.verb = 'membership.transfer' THEN other.unit ELSE m.unit_id END AS next_unit,
       %(since)s::date + (1 + m.id %% 364)::int AS day
FROM registry_membership m
JOIN unnest(%(verbs)s::text[], %(acts)s::bigint[], ARRAY[0, 15, 45], ARRAY[15, 45, 70]) AS v (verb, act, lo, hi)
     ON (m.id * 7919) %% 1000 >= v.lo AND (m.id * 7919) %% 1000 < v.hi
JOIN staged_cell own ON own.unit = m.unit_id
JOIN staged_cell other ON other.n = (own.n + 1 + m.id %% (%(cells)s - 1)) %% %(cells)s
WHERE m.id BETWEEN %(lowest)s AND %(highest)s

-- name: retire
UPDATE registry_membership AS m
SET recorded = tstzrange(lower(m.recorded), %(instant)s), retracted_by_id = e.act
FROM staged_event e WHERE m.id = e.id

-- name: ended
INSERT INTO registry_membership (fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 closed_by_id, asserted_by_id, person_id, stage, category, entry, ending)
SELECT fact, unit_id, daterange(%(since)s, day), 'd', 'd', tstzrange(%(instant)s, NULL), opened_by_id, act, act,
       person_id, stage, category, entry, CASE WHEN verb = 'membership.leave' THEN %(ending)s ELSE '' END
FROM staged_event

-- name: followers
INSERT INTO registry_membership (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, person_id, stage, category, entry, ending)
SELECT key, key, next_unit, daterange(day, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), act, act, person_id,
       CASE WHEN verb = 'membership.advance' THEN %(after)s ELSE stage END, category,
       CASE WHEN verb = 'membership.advance' THEN %(advanced)s ELSE %(moved)s END, ''
FROM (SELECT nextval(pg_get_serial_sequence('registry_membership', 'id')) AS key, e.*
      FROM staged_event e WHERE verb <> 'membership.leave') AS e

-- name: newcomers
INSERT INTO registry_membership (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, person_id, stage, category, entry, ending)
SELECT key, key, unit, daterange(%(since)s::date + (1 + i %% 364)::int, NULL), 'd', 'd', tstzrange(%(instant)s, NULL),
       act, act, person, %(before)s,
       (%(categories)s::text[])[1 + i %% cardinality(%(categories)s::text[])], %(admitted)s, ''
FROM (SELECT nextval(pg_get_serial_sequence('registry_membership', 'id')) AS key, p.* FROM staged_person p) AS p

-- name: states
CREATE TEMP TABLE staged_state ON COMMIT DROP AS
SELECT unit, n FROM unnest(%(states)s::bigint[]) WITH ORDINALITY AS s (unit, n)

-- name: employed
INSERT INTO registry_employment (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, person_id, "group")
SELECT key, key, unit, daterange(%(since)s, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), %(employs)s, %(employs)s,
       person, %(group)s
FROM (SELECT nextval(pg_get_serial_sequence('registry_employment', 'id')) AS key, p.person, s.unit
      FROM staged_person p JOIN staged_cell c ON c.unit = p.unit
      JOIN staged_state s ON s.n = 1 + c.n * cardinality(%(states)s::bigint[]) / %(cells)s
      WHERE p.i %% (%(employed)s::int[])[2] < (%(employed)s::int[])[1]) AS e

-- name: posts
CREATE TEMP TABLE staged_post ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('registry_post', 'id')) AS post, unit, person
FROM (SELECT unit, min(person) AS person FROM staged_person GROUP BY unit) AS first

-- name: post_identities
INSERT INTO registry_post (id, code, introduced_by_id) SELECT post, 'nation-' || post, %(creates)s FROM staged_post

-- name: post_records
INSERT INTO registry_postrecord (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, post_id, title, level, managed_by, non_local, seats)
SELECT key, key, unit, daterange(%(since)s, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), %(creates)s, %(creates)s,
       post, %(title)s, '', '', false, 1
FROM (SELECT nextval(pg_get_serial_sequence('registry_postrecord', 'id')) AS key, p.* FROM staged_post p) AS p

-- name: holders
INSERT INTO registry_incumbency (id, fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                 asserted_by_id, person_id, post_id, acting)
SELECT key, key, unit, daterange(%(since)s, NULL), 'd', 'd', tstzrange(%(instant)s, NULL), %(appoints)s, %(appoints)s,
       person, post, false
FROM (SELECT nextval(pg_get_serial_sequence('registry_incumbency', 'id')) AS key, p.* FROM staged_post p) AS p
