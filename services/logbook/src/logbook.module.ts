import { Module } from '@nestjs/common';
import { accessProviders, assignmentsProjection, Directory, namesOfPeople } from '@ateneo/access';
import { Files, openFiles } from '@ateneo/files';
import { Platform, ServiceModule, type ServiceDefinition } from '@ateneo/service-kit';
import { AttestationController } from './attestation/attestation.controller.js';
import { attestation } from './attestation/attestation.decider.js';
import { attestationPublished } from './attestation/attestation.published.js';
import { EntryListController } from './entry-list/entry-list.controller.js';
import { EntryFigures } from './entry-list/entry-figures.lookup.js';
import { entryList } from './entry-list/entry-list.projection.js';
import { BulkValidationController } from './entry/bulk-validation.controller.js';
import { EntryContexts } from './entry/entry-contexts.lookup.js';
import { EntryController } from './entry/entry.controller.js';
import { entry } from './entry/entry.decider.js';
import { entryPublished } from './entry/entry.published.js';
import { FavouritesController } from './favourites/favourites.controller.js';
import { favourites } from './favourites/favourites.decider.js';
import { favouriteActivities } from './favourites/favourites.projection.js';
import { ImportController } from './import/import.controller.js';
import { logbookImport } from './import/import.decider.js';
import { importPublished } from './import/import.published.js';
import { ImportFiles } from './import/import-files.client.js';
import { ImportWork } from './import/import-work.worker.js';
import { directorsProjection, importsProjection, unitsProjection } from './import/imports.projection.js';
import { TraineeReferences } from './known/trainee-references.lookup.js';
import { known } from './known/known.projection.js';
import { LogbookRelations } from './relations/logbook.relation.js';

export const logbookService: ServiceDefinition = {
  name: 'logbook',
  mappingVersion: 1,
  aggregates: [
    { decider: entry, published: entryPublished },
    { decider: attestation, published: attestationPublished },
    { decider: favourites },
    { decider: logbookImport, published: importPublished },
  ],
  projections: [known, entryList, favouriteActivities, assignmentsProjection, importsProjection, directorsProjection, unitsProjection],
  followers: [namesOfPeople],
};

/** The residency logbook: what trainees log and tutors certify. */
@Module({
  imports: [
    ServiceModule.for(logbookService, {
      relations: LogbookRelations,
      components: [Directory, ImportWork],
      providers: [
        ...accessProviders,
        TraineeReferences,
        ImportFiles,
        EntryContexts,
        EntryFigures,
        { provide: Files, useFactory: ({ config, folder }: Platform) => openFiles(config.FILES_URL, folder), inject: [Platform] },
      ],
    }),
  ],
  controllers: [
    EntryController,
    BulkValidationController,
    EntryListController,
    AttestationController,
    FavouritesController,
    ImportController,
  ],
})
export class LogbookModule {}
