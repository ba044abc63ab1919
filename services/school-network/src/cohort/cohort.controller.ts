import { Controller } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { type Acting, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { NetworkReferences } from '../known/network-references.lookup.js';
import { type Cohort, cohort, type CohortCommand, type CohortContext } from './cohort.decider.js';

/** Commands on cohorts. */
@Controller()
export class CohortController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: NetworkReferences,
  ) {}

  @Handles(schoolNetwork.openCohort)
  open(request: Request<typeof schoolNetwork.openCohort>) {
    return this.#act(request, request.input.cohortId, { type: 'OpenCohort', ...request.input });
  }

  @Handles(schoolNetwork.bindCohort)
  bind(request: Request<typeof schoolNetwork.bindCohort>) {
    const { cohortId, ...sets } = request.input;
    return this.#act(request, cohortId, { type: 'BindCohort', ...sets });
  }

  @Handles(schoolNetwork.declareCohortRequirement)
  declare(request: Request<typeof schoolNetwork.declareCohortRequirement>) {
    const { cohortId, ...declared } = request.input;
    return this.#act(request, cohortId, { type: 'DeclareRequirement', ...declared });
  }

  async #act(request: Acting, cohortId: string, command: CohortCommand) {
    return this.runtime.command(request, cohort, cohortId, command, (state) => this.#context(state, command));
  }

  async #context(state: Cohort, command: CohortCommand): Promise<CohortContext> {
    const schoolId = command.type === 'OpenCohort' ? command.schoolId : state.is === 'open' ? state.schoolId : undefined;
    const bound = command.type === 'DeclareRequirement' ? state : command;
    const setIds = 'coreSetId' in bound ? [bound.coreSetId, ...bound.supplementSetIds] : [];
    const found = await Promise.all(setIds.map(async (setId) => [setId, await this.known.set(setId)] as const));
    const sets = new Map(found.flatMap(([setId, set]) => (set ? [[setId, set] as const] : [])));
    return { schoolCode: schoolId === undefined ? undefined : (await this.known.school(schoolId))?.code, sets };
  }
}
