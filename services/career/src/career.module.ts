import { type INestMicroservice, Module } from '@nestjs/common';
import { Assignments, assignmentsProjection, Directory } from '@ateneo/access';
import { type Platform, PLATFORM, RUNTIME, type ServiceDefinition, ServiceModule, type ServiceRuntime, startService } from '@ateneo/service-kit';
import { CareerListController } from './career-list/career-list.controller.js';
import { careerList } from './career-list/career-list.projection.js';
import { StudentNumbers } from './career-list/student-numbers.client.js';
import { EnrolmentController } from './enrolment/enrolment.controller.js';
import { enrolment } from './enrolment/enrolment.decider.js';
import { enrolmentPublished } from './enrolment/enrolment.published.js';
import { Known } from './known/known.client.js';
import { known } from './known/known.projection.js';
import { CareerRelations } from './relations/career.relation.js';
import { SuspensionEnds } from './suspension-end/suspension-ends.client.js';

export const careerService: ServiceDefinition = {
  name: 'career',
  mappingVersion: 1,
  aggregates: [{ decider: enrolment, published: enrolmentPublished }],
  projections: [known, careerList, assignmentsProjection],
};

/** Careers of trainees: enrolment, training years, suspensions, track. */
@Module({
  imports: [
    ServiceModule.for(careerService, {
      relations: CareerRelations,
      components: [StudentNumbers, Directory, SuspensionEnds],
      providers: [
        Known,
        { provide: Assignments, useFactory: (runtime: ServiceRuntime) => new Assignments((_projection, spec) => runtime.collection(spec)), inject: [RUNTIME] },
        { provide: Directory, useFactory: ({ client, keys, readModels }: ServiceRuntime, { eventBus }: Platform) => new Directory({ service: 'career', client, keys, readModels, eventBus }), inject: [RUNTIME, PLATFORM] },
      ],
    }),
  ],
  controllers: [EnrolmentController, CareerListController],
})
export class CareerModule {}

export const startCareer = (platform: Platform): Promise<INestMicroservice> => startService('career', CareerModule, platform);
