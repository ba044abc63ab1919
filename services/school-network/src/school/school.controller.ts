import { Controller, Inject } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { NetworkReferences } from '../known/network-references.client.js';
import { windows } from '../network/network.projection.js';
import { school, type SchoolCommand, type SchoolContext } from './school.decider.js';

/** Commands on a school, its network, its activities and its import windows. */
@Controller()
export class SchoolController {
  readonly #windows: Collection<{ readonly schoolId: string }>;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(NetworkReferences) private readonly known: NetworkReferences,
  ) {
    this.#windows = runtime.collection(windows);
  }

  @Handles(schoolNetwork.openSchool)
  open(request: Request<typeof schoolNetwork.openSchool>) {
    return this.#act(request, request.input.schoolId, { type: 'OpenSchool', ...request.input });
  }

  @Handles(schoolNetwork.addUnitToNetwork)
  addUnit(request: Request<typeof schoolNetwork.addUnitToNetwork>) {
    const { schoolId, unitId, siteType } = request.input;
    return this.#act(request, schoolId, { type: 'AddUnitToNetwork', unitId, siteType }, async () => ({
      unitExists: await this.known.unitExists(unitId),
    }));
  }

  @Handles(schoolNetwork.removeUnitFromNetwork)
  removeUnit(request: Request<typeof schoolNetwork.removeUnitFromNetwork>) {
    const { schoolId, unitId } = request.input;
    return this.#act(request, schoolId, { type: 'RemoveUnitFromNetwork', unitId });
  }

  @Handles(schoolNetwork.addActivity)
  addActivity(request: Request<typeof schoolNetwork.addActivity>) {
    const { schoolId, setId, ...activity } = request.input;
    return this.#act(request, schoolId, { type: 'AddActivity', ...activity }, async () => ({ set: await this.known.set(setId) }));
  }

  @Handles(schoolNetwork.openImportWindow)
  openWindow(request: Request<typeof schoolNetwork.openImportWindow>) {
    const { schoolId, ...window } = request.input;
    return this.#act(request, schoolId, { type: 'OpenImportWindow', ...window });
  }

  @Handles(schoolNetwork.closeImportWindow)
  async closeWindow(request: Request<typeof schoolNetwork.closeImportWindow>) {
    const { windowId, to } = request.input;
    const found = await this.#windows.get(windowId);
    return found ? this.#act(request, found.schoolId, { type: 'CloseImportWindow', windowId, to }) : reject('window-not-found');
  }

  async #act(
    request: Pick<Request, 'actor' | 'commandId' | 'correlationId'>,
    schoolId: string,
    command: SchoolCommand,
    context: () => Promise<SchoolContext> = async () => ({}),
  ) {
    const done = await this.runtime.run(request, school, schoolId, command, context);
    return done instanceof Refusal ? done : { token: done.token };
  }
}
