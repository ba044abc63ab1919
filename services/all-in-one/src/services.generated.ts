// Written by npm run generate from services/*/service.json; do not edit.
import { IdentityModule } from '@ateneo/identity';
import { SchoolNetworkModule } from '@ateneo/school-network';
import { CareerModule } from '@ateneo/career';
import { LogbookModule } from '@ateneo/logbook';
import { ReportingModule } from '@ateneo/reporting';

export const SERVICES = [
  ['identity', IdentityModule],
  ['school-network', SchoolNetworkModule],
  ['career', CareerModule],
  ['logbook', LogbookModule],
  ['reporting', ReportingModule],
] as const;
