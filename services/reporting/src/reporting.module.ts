import { type INestMicroservice, Module } from '@nestjs/common';
import { Assignments, assignmentsProjection, Directory } from '@ateneo/access';
import { type Platform, PLATFORM, RUNTIME, type ServiceDefinition, ServiceModule, type ServiceRuntime, startService } from '@ateneo/service-kit';
import { SchoolDashboardController } from './dashboard/school-dashboard.controller.js';
import { readReportingConfig, REPORTING_CONFIG } from './reporting.config.js';
import { ReportingRelations } from './reporting.relation.js';
import { LiveLedger } from './trainee-counters/live-ledger.client.js';
import { TraineeCountersController } from './trainee-counters/trainee-counters.controller.js';
import { TraineeCountersProjection } from './trainee-counters/trainee-counters.projection.js';
import { TraineeListController } from './trainee-list/trainee-list.controller.js';

export const reportingService: ServiceDefinition = {
  name: 'reporting',
  mappingVersion: 1,
  aggregates: [],
  projections: [() => new TraineeCountersProjection(), assignmentsProjection],
};

/** The counters of the residency logbook, and what is shown of them. */
@Module({
  imports: [
    ServiceModule.for(reportingService, {
      relations: ReportingRelations,
      components: [Directory],
      providers: [
        LiveLedger,
        { provide: REPORTING_CONFIG, useFactory: () => readReportingConfig() },
        { provide: Assignments, useFactory: (runtime: ServiceRuntime) => new Assignments((_projection, spec) => runtime.collection(spec)), inject: [RUNTIME] },
        { provide: Directory, useFactory: ({ client, keys, readModels }: ServiceRuntime, { eventBus }: Platform) => new Directory({ service: 'reporting', client, keys, readModels, eventBus }), inject: [RUNTIME, PLATFORM] },
      ],
    }),
  ],
  controllers: [TraineeCountersController, TraineeListController, SchoolDashboardController],
})
export class ReportingModule {}

export const startReporting = (platform: Platform): Promise<INestMicroservice> => startService('reporting', ReportingModule, platform);
