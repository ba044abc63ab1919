import { Controller } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Refusal, reject, uuidv8 } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { type Acting, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { NetworkReferences } from '../known/network-references.lookup.js';
import { type SchoolDocument, schools, windows } from '../network/network.projection.js';
import { schoolCode, type SchoolCodeCommand } from './school-code.decider.js';
import { school, type SchoolCommand, type SchoolContext } from './school.decider.js';

/** Commands on a school, its network, its activities and its import windows. */
@Controller()
export class SchoolController {
  readonly #schools: Collection<SchoolDocument>;
  readonly #windows: Collection<{ readonly schoolId: string }>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: NetworkReferences,
  ) {
    this.#schools = runtime.collection(schools);
    this.#windows = runtime.collection(windows);
  }

  /** The code is reserved before the school is stored; a refused school gives it back, and one cut short finds it again. */
  @Handles(schoolNetwork.openSchool)
  async open(request: Request<typeof schoolNetwork.openSchool>) {
    const { schoolId, code } = request.input;
    // a school of before codes were reserved
    if ((await this.#schools.find({})).some((one) => one.code === code && one.schoolId !== schoolId))
      return reject('code-already-used', { field: 'code' });
    const reserved = await this.#code(request, code, { type: 'ReserveSchoolCode', schoolId });
    if (reserved instanceof Refusal) return reserved;
    const answer = await this.#act(request, schoolId, { type: 'OpenSchool', ...request.input });
    if (answer instanceof Refusal && reserved.events.length > 0) await this.#code(request, code, { type: 'ReleaseSchoolCode', schoolId });
    return answer;
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

  /** Without the command's id: a code given back is decided anew when the same school is sent again. */
  #code({ actor, correlationId }: Pick<Request, 'actor' | 'correlationId'>, code: string, command: SchoolCodeCommand) {
    return this.runtime.run({ actor, correlationId, commandId: undefined }, schoolCode, uuidv8('school-code', code), command);
  }

  async #act(request: Acting, schoolId: string, command: SchoolCommand, context: () => Promise<SchoolContext> = async () => ({})) {
    return this.runtime.command(request, school, schoolId, command, context);
  }
}
