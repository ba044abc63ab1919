import { type INestMicroservice, Module } from '@nestjs/common';
import { accessProviders, assignmentsProjection, Directory, namesOfPeople } from '@ateneo/access';
import { type Platform, ServiceModule, type ServiceDefinition, startService } from '@ateneo/service-kit';
import { CareerListController } from './career-list/career-list.controller.js';
import { careerList } from './career-list/career-list.projection.js';
import { EnrolmentController } from './enrolment/enrolment.controller.js';
import { enrolment } from './enrolment/enrolment.decider.js';
import { enrolmentPublished } from './enrolment/enrolment.published.js';
import { CohortReferences } from './known/cohort-references.lookup.js';
import { known } from './known/known.projection.js';
import { SuspensionEnds } from './reactions/suspension-ends.worker.js';
import { whenSuspensionRecordedThenPlanItsEnd } from './reactions/when-suspension-recorded-then-plan-its-end.reaction.js';
import { CareerRelations } from './relations/career.relation.js';
import { studentNumber } from './student-number/student-number.decider.js';

export const careerService: ServiceDefinition = {
  name: 'career',
  mappingVersion: 1,
  aggregates: [{ decider: enrolment, published: enrolmentPublished }, { decider: studentNumber }],
  projections: [known, careerList, assignmentsProjection],
  followers: [namesOfPeople, whenSuspensionRecordedThenPlanItsEnd],
};

/** Careers of trainees: enrolment, track, training years, suspensions. */
@Module({
  imports: [
    ServiceModule.for(careerService, {
      relations: CareerRelations,
      components: [Directory, SuspensionEnds],
      providers: [...accessProviders, CohortReferences],
    }),
  ],
  controllers: [EnrolmentController, CareerListController],
})
export class CareerModule {}

export const startCareer = (platform: Platform): Promise<INestMicroservice> => startService('career', CareerModule, platform);
