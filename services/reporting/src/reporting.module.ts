import { type INestMicroservice, Module } from '@nestjs/common';
import { accessProviders, assignmentsProjection, Directory } from '@ateneo/access';
import { type Platform, type ServiceDefinition, ServiceModule, startService } from '@ateneo/service-kit';
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
        ...accessProviders,
        LiveLedger,
        { provide: REPORTING_CONFIG, useFactory: () => readReportingConfig() },
      ],
    }),
  ],
  controllers: [TraineeCountersController, TraineeListController, SchoolDashboardController],
})
export class ReportingModule {}

export const startReporting = (platform: Platform): Promise<INestMicroservice> => startService('reporting', ReportingModule, platform);
