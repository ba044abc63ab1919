import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PARTS } from '@ateneo/event-sourcing';
import { check, checkerMissing } from '../src/checkers.mjs';
import { filesOf, matches, root, sorted, text } from './infra-files.js';

type Rule = { readonly alert: string; readonly expr: string };

describe('infra/observability', () => {
  const rules = (parse(text('infra/observability/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    ({ rules: some }) => some,
  );

  const boards = filesOf('infra/observability/dashboards/*.json').map(text);
  const code = filesOf('{libs/service-kit,services/*}/src/**/*.ts')
    .filter((file) => !file.endsWith('.spec.ts'))
    .map(text)
    .join('\n');
  const notYet = code.includes("'ateneo_projection_lag_seconds'") ? undefined : 'processes publish no lag by partition yet';

  test('every alert has its paragraph in the runbook, in the same words, and a test of its own [arch:6]', () => {
    const alerts = sorted(rules.map(({ alert }) => alert));
    assert.ok(alerts.length >= 10);
    const [, part = ''] = text('docs/runbook.md').split('\n## Alerts\n');
    assert.deepEqual(sorted(matches(/^### (\w+)\n\n\S/gm, part)), alerts);
    assert.deepEqual(sorted(matches(/alertname: (\w+)/g, text('infra/observability/alerts.test.yml'))), alerts);
  });

  test('every part that speaks of problems has its paragraph in the runbook [rev:arch-5]', () => {
    assert.deepEqual(sorted(matches(/^#### ([a-z-]+)\n\n\S/gm, text('docs/runbook.md'))), sorted([...PARTS]));
  });

  test('Prometheus accepts configuration and rules, and the rules fire when they should', { skip: checkerMissing('promtool') }, () => {
    const at = (file: string): string => join(root, 'infra/observability', file);
    for (const args of [
      ['check', 'rules', at('alerts.yml')],
      ['check', 'config', at('prometheus.yml')],
      ['check', 'config', at('prometheus.kubernetes.yml')],
      ['test', 'rules', at('alerts.test.yml')],
    ]) {
      const { code, said } = check('promtool', args);
      assert.equal(code, 0, said);
    }
  });

  test('every metric that an alert, a dashboard or KEDA names is published by a process [arch:6]', { skip: notYet }, () => {
    const named = sorted(
      [...rules.map(({ expr }) => expr), ...boards, text('infra/kubernetes/base/reporting-scaling.yaml')].flatMap((some) =>
        matches(/\b(ateneo_[a-z_]+?)(?:_bucket|_count|_sum)?\b(?=[{)\s[,"'])/g, some),
      ),
    );
    assert.ok(named.length >= 10);
    assert.deepEqual(
      named.filter((metric) => !code.includes(`'${metric}'`)),
      [],
    );
  });
});
