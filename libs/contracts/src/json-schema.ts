import { z } from 'zod';
import { rule } from './school-network/requirement-set.js';

export type JsonSchema = Record<string, unknown> & {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  $defs?: Record<string, JsonSchema>;
};
export type JsonSchemaOptions = {
  readonly io: 'input' | 'output';
  readonly target?: 'draft-2020-12' | 'draft-07';
  /** where the document keeps the recursive schema; default: in the schema's own `$defs` */ readonly definitions?: string;
};

/** The name of the one recursive schema of the contracts; zod sets it apart under a name of its own making. */
export const RULE = 'RequirementRule';

function bare(schema: z.ZodType, { io, target = 'draft-2020-12' }: Pick<JsonSchemaOptions, 'io' | 'target'>): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io,
    target,
    // an answer may gain fields without notice, so a document never closes an object
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'uuid') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return JSON.parse(JSON.stringify(json).replaceAll('"#/definitions/', '"#/$defs/').replaceAll('"definitions":', '"$defs":')) as JsonSchema;
}

const named = (json: unknown, definitions: string): JsonSchema =>
  JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/__schema0"', JSON.stringify(`${definitions}/${RULE}`))) as JsonSchema;

/** The recursive schema by itself. */
export function ruleSchema(options: JsonSchemaOptions): JsonSchema {
  const { $defs } = bare(z.object({ rule, twice: rule }), options);
  return named($defs?.['__schema0'], options.definitions ?? '#/$defs');
}

/** A schema as JSON Schema, open to further fields. Throws for a second recursive schema, which needs a name first. */
export function jsonSchema(schema: z.ZodType, options: JsonSchemaOptions): JsonSchema {
  const { $schema, $defs, ...json } = bare(schema, options);
  if (!$defs) return json;
  const definitions = options.definitions ?? '#/$defs';
  const recursive = ruleSchema({ ...options, io: 'input' });
  for (const definition of Object.values($defs)) {
    if (JSON.stringify(named(definition, definitions)) !== JSON.stringify(recursive))
      throw new Error('a second recursive schema: give it a name in libs/contracts/src/json-schema.ts');
  }
  return { ...named(json, definitions), ...(options.definitions === undefined && { $defs: { [RULE]: recursive } }) };
}
