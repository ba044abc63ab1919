import { type INestMicroservice, Module } from '@nestjs/common';
import { Directory, directoryProvider, namesOfPeople } from '@ateneo/access';
import { type Platform, type ServiceDefinition, ServiceModule, startService } from '@ateneo/service-kit';
import { CohortController } from './cohort/cohort.controller.js';
import { cohort } from './cohort/cohort.decider.js';
import { cohortPublished } from './cohort/cohort.published.js';
import { NetworkReferences } from './known/network-references.lookup.js';
import { known } from './known/known.projection.js';
import { NetworkController } from './network/network.controller.js';
import { network } from './network/network.projection.js';
import { SchoolNetworkRelations } from './relations/school-network.relation.js';
import { RequirementSetController } from './requirement-set/requirement-set.controller.js';
import { requirementSet } from './requirement-set/requirement-set.decider.js';
import { requirementSetPublished } from './requirement-set/requirement-set.published.js';
import { SchoolController } from './school/school.controller.js';
import { school } from './school/school.decider.js';
import { schoolCode } from './school/school-code.decider.js';
import { schoolPublished } from './school/school.published.js';
import { assignmentList } from './tutor-assignment/assignment-list.projection.js';
import { TutorAssignmentController } from './tutor-assignment/tutor-assignment.controller.js';
import { tutorAssignment } from './tutor-assignment/tutor-assignment.decider.js';
import { tutorAssignmentPublished } from './tutor-assignment/tutor-assignment.published.js';
import { UnitController } from './unit/unit.controller.js';
import { unit } from './unit/unit.decider.js';
import { unitPublished } from './unit/unit.published.js';
import { UniversityController } from './university/university.controller.js';
import { university } from './university/university.decider.js';
import { universityPublished } from './university/university.published.js';

export const schoolNetworkService: ServiceDefinition = {
  name: 'school-network',
  mappingVersion: 1,
  aggregates: [
    { decider: university, published: universityPublished },
    { decider: school, published: schoolPublished },
    { decider: schoolCode },
    { decider: requirementSet, published: requirementSetPublished },
    { decider: unit, published: unitPublished },
    { decider: cohort, published: cohortPublished },
    { decider: tutorAssignment, published: tutorAssignmentPublished },
  ],
  projections: [network, assignmentList, known],
  followers: [namesOfPeople],
};

/** University, schools with their training network and cohorts, requirement sets, tutor assignments. */
@Module({
  imports: [
    ServiceModule.for(schoolNetworkService, {
      relations: SchoolNetworkRelations,
      components: [Directory],
      providers: [directoryProvider, NetworkReferences],
    }),
  ],
  controllers: [
    UniversityController,
    SchoolController,
    RequirementSetController,
    UnitController,
    CohortController,
    TutorAssignmentController,
    NetworkController,
  ],
})
export class SchoolNetworkModule {}

export const startSchoolNetwork = (platform: Platform): Promise<INestMicroservice> =>
  startService('school-network', SchoolNetworkModule, platform);
