import { type INestMicroservice, Module } from '@nestjs/common';
import { accessProviders, assignmentsProjection, Directory, namesOfPeople } from '@ateneo/access';
import { Files, openFiles } from '@ateneo/files';
import { Platform, type ServiceDefinition, ServiceModule, startService } from '@ateneo/service-kit';
import { SchoolDashboardController } from './dashboard/school-dashboard.controller.js';
import { openRunsProjection } from './report/open-runs.projection.js';
import { PassingFiles } from './report/passing-files.client.js';
import { ReportMaker } from './report/report-maker.client.js';
import { ReportRunController } from './report/report-run.controller.js';
import { reportRun } from './report/report-run.decider.js';
import { ReportRuns } from './report/report-runs.worker.js';
import { ReportController } from './report/report.controller.js';
import { report } from './report/report.decider.js';
import { reportPublished } from './report/report.published.js';
import { reportsProjection, universitiesProjection } from './report/reports.projection.js';
import { readReportingConfig, REPORTING_CONFIG } from './reporting.config.js';
import { ReportingRelations } from './relations/reporting.relation.js';
import { LiveLedger } from './trainee-counters/live-ledger.lookup.js';
import { TraineeCountersController } from './trainee-counters/trainee-counters.controller.js';
import { TraineeCountersProjection } from './trainee-counters/trainee-counters.projection.js';
import { TraineeListController } from './trainee-list/trainee-list.controller.js';

export const reportingService: ServiceDefinition = {
  name: 'reporting',
  mappingVersion: 1,
  aggregates: [{ decider: report, published: reportPublished }, { decider: reportRun }],
  projections: [
    () => new TraineeCountersProjection(),
    assignmentsProjection,
    reportsProjection,
    universitiesProjection,
    openRunsProjection,
  ],
  followers: [namesOfPeople],
};

/** The counters of the residency logbook, what is shown of them, and the reports that prove them. */
@Module({
  imports: [
    ServiceModule.for(reportingService, {
      relations: ReportingRelations,
      components: [Directory, LiveLedger, PassingFiles, ReportMaker, ReportRuns],
      providers: [
        ...accessProviders,
        { provide: Files, useFactory: ({ config, folder }: Platform) => openFiles(config.FILES_URL, folder), inject: [Platform] },
        { provide: REPORTING_CONFIG, useFactory: () => readReportingConfig() },
      ],
    }),
  ],
  controllers: [TraineeCountersController, TraineeListController, SchoolDashboardController, ReportController, ReportRunController],
})
export class ReportingModule {}

export const startReporting = (platform: Platform): Promise<INestMicroservice> => startService('reporting', ReportingModule, platform);
