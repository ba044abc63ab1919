import { Platform, ServiceRuntime } from '@ateneo/service-kit';
import { Assignments } from './assignments.js';
import { Directory } from './directory.js';

/** For a service that lists names; it also starts `Directory` as a component. */
export const directoryProvider = {
  provide: Directory,
  useFactory: (runtime: ServiceRuntime, platform: Platform) => new Directory(runtime, platform),
  inject: [ServiceRuntime, Platform],
};

/** For a service that lists names and asks who is tutor of whom; it also runs `assignmentsProjection`. */
export const accessProviders = [
  directoryProvider,
  {
    provide: Assignments,
    useFactory: (runtime: ServiceRuntime) => new Assignments(runtime),
    inject: [ServiceRuntime],
  },
];
