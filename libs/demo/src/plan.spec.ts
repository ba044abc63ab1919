import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Activity } from '@ateneo/contracts';
import { demoPeople } from './demo-people.js';
import { planEntries } from './log-plan.js';
import { type CatalogueSchool, type DemoPlan, planDemo, suspensionOf } from './plan.js';

const catalogue = JSON.parse(
  readFileSync(new URL('../../../services/school-network/catalogues/requirement-sets.json', import.meta.url), 'utf8'),
) as CatalogueSchool[];
const TODAY = '2026-11-21';
const people = ({ schools, administrator, universitySecretary }: DemoPlan) => [
  administrator,
  universitySecretary,
  ...schools.flatMap(({ director, secretary, tutors, trainees }) => [director, secretary, ...tutors, ...trainees]),
];

/** One activity a requirement is enough to see how entries are spread. */
const activitiesOf = (plan: DemoPlan, school: number, setIds: readonly string[]): Activity[] =>
  (plan.schools[school]?.catalogue.sets ?? [])
    .filter(({ id }) => setIds.includes(id))
    .flatMap(({ id: setId, requirements }) =>
      requirements
        .filter(({ rule }) => rule.kind === 'share' || rule.kind === 'min_count')
        .map(({ id, label, unit }): Activity => ({
          code: id,
          setId,
          label,
          kind: 'act',
          feeds: [{ requirementId: id }],
          unit,
          bulk: false,
          requires: [],
          simulationAllowed: false,
        })),
    );

describe('the plan of the demo', () => {
  const plan = planDemo(catalogue, TODAY);

  test('the same day of first start gives the same people and ids [arch:2]', () => assert.deepEqual(planDemo(catalogue, TODAY), plan));

  test('13 schools, some 120 trainees in several cohorts, 60 tutors, nobody twice [res:B6]', () => {
    const { schools } = plan;
    assert.equal(schools.length, 13);
    assert.equal(schools.flatMap(({ trainees }) => trainees).length, 121);
    assert.equal(schools.flatMap(({ tutors }) => tutors).length, 60);
    assert.ok(schools.every(({ cohorts }) => cohorts.length >= 3));
    for (const key of ['personId', 'username', 'email'] as const)
      assert.equal(new Set(people(plan).map((one) => one[key])).size, people(plan).length);
    assert.ok(people(plan).every(({ email }) => email.endsWith('@ateneo.example')));
  });

  test('one is suspended today, one ahead, one behind, one has a rejected entry, one a cohort with the older act [res:98]', () => {
    const trainees = plan.schools.flatMap((school) => school.trainees);
    for (const pace of ['suspended', 'ahead', 'behind', 'rejected', 'older-act'] as const)
      assert.ok(
        trainees.some((one) => one.pace === pace),
        pace,
      );
    const away = trainees.find(({ pace }) => pace === 'suspended');
    const period = away && suspensionOf(away, TODAY);
    assert.ok(period && period.from < TODAY && period.to > TODAY);
    assert.ok(trainees.find(({ pace }) => pace === 'older-act')?.setIds.includes('CHIR-68'));
    assert.ok(demoPeople(plan).every(({ personId }) => people(plan).some((one) => one.personId === personId)));
  });

  test('nobody has more than three trainees at once [res:B3.1]', () => {
    for (const { trainees, tutors } of plan.schools)
      for (const { personId } of tutors) assert.ok(trainees.filter(({ tutor }) => tutor.personId === personId).length <= 3);
  });

  test('entries lie in the contract, before today and outside suspensions, in every state, the same each time [res:E2.4]', () => {
    const school = plan.schools[0];
    const trainee = school?.trainees[1];
    assert.ok(school && trainee);
    const sets = school.catalogue.sets.filter(({ id }) => trainee.setIds.includes(id));
    const entries = planEntries(school, trainee, activitiesOf(plan, 0, trainee.setIds), sets, TODAY);
    assert.deepEqual(planEntries(school, trainee, activitiesOf(plan, 0, trainee.setIds), sets, TODAY), entries);
    assert.ok(entries.length > 200);
    assert.ok(
      entries.every(({ recordedOn, input }) => (input.performedOn ?? input.periodTo ?? '') >= trainee.startsOn && recordedOn < TODAY),
    );
    assert.deepEqual([...new Set(entries.map(({ fate }) => fate))].sort(), ['corrected', 'draft', 'rejected', 'returned', 'validated']);
  });
});
