import { OPERATIONS, PUBLIC_EVENTS } from '@ateneo/contracts';
import { cloudEvent } from '@ateneo/contracts/asyncapi';
import { type JsonSchema, jsonSchema } from '@ateneo/contracts/json-schema';

export type OperationSnapshot = {
  readonly kind: string;
  /** `GET /trainees/{traineeId}/counters` */ readonly http: string;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly refusals: Readonly<Record<string, number>>;
};
/** What the contracts promise to consumers outside: operations with a route, public events, the envelope. */
export type Contracts = {
  readonly envelope: JsonSchema;
  readonly events: Readonly<Record<string, JsonSchema>>;
  readonly operations: Readonly<Record<string, OperationSnapshot>>;
};

/** The promises as the contracts make them now. */
export const currentContracts = (): Contracts => ({
  envelope: jsonSchema(cloudEvent, { io: 'output' }),
  events: Object.fromEntries(PUBLIC_EVENTS.map(({ type, data }) => [type, jsonSchema(data, { io: 'output' })])),
  operations: Object.fromEntries(
    OPERATIONS.flatMap(({ name, kind, http, input, output, refusals }) =>
      http
        ? [
            [
              name,
              {
                kind,
                http: `${http.method} ${http.path}`,
                input: jsonSchema(input, { io: 'input' }),
                output: jsonSchema(output, { io: 'output' }),
                refusals,
              },
            ],
          ]
        : [],
    ),
  ),
});
