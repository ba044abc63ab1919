import type { Localised, Requirement, Rule } from '@ateneo/contracts';
import type { Format } from '../../../i18n/format.js';
import type { Translate } from '../../../i18n/messages.js';

type Words = {
  t: Translate;
  format: Format;
  /** «30 interventi», in the unit of the requirement */ amount: (n: number, unit: string) => string;
  /** name of another requirement of the set */ nameOf: (requirementId: string) => string;
};

/** The rule of a requirement in one sentence. */
export const ruleSentence = (requirement: Requirement, words: Words): string => {
  const sentence = clause(requirement.rule, requirement.unit, words);
  const simulated =
    requirement.rule.kind === 'qualitative' || requirement.rule.kind === 'duration'
      ? ''
      : words.t(requirement.simulationAllowed ? 'rule.simulated-count' : 'rule.simulated-do-not');
  return `${capital(sentence)}${simulated && `; ${simulated}`}.`;
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const clause = (rule: Rule, unit: string, words: Words): string => {
  const { t, format, amount, nameOf } = words;
  const local = (text: Localised) => format.local(text);
  switch (rule.kind) {
    case 'min_count':
      return t('rule.min-count', { amount: amount(rule.minimum, unit) });
    case 'share':
    case 'sub_minimum':
      return t('rule.with-part', { amount: amount(rule.minimum, unit), n: format.number(rule.partMinimum), part: local(rule.part.label) });
    case 'components':
      return t('rule.components', {
        parts: rule.components.map(({ minimum, label }) => `${format.number(minimum)} ${local(label)}`).join(', '),
      });
    case 'each_of':
      return t('rule.each-of', { amount: amount(rule.minimumEach, unit), items: rule.items.map(({ label }) => local(label)).join(', ') });
    case 'subset_of':
      return t('rule.subset-of', { amount: amount(rule.minimum, unit), of: nameOf(rule.of) });
    case 'sum_of':
      return t('rule.sum-of', { of: rule.of.map(nameOf).join(', ') });
    case 'duration':
      return rule.minimumPerYear
        ? t('rule.duration-per-year', { amount: amount(rule.minimumPerYear, rule.unit), years: format.number(rule.years ?? 1) })
        : t('rule.duration', { amount: amount(rule.minimum ?? 0, rule.unit) });
    case 'all':
      return rule.rules.map((each) => clause(each, unit, words)).join(t('rule.and'));
    case 'year_window':
      return t('rule.year-window', {
        amount: amount(rule.minimum, unit),
        years: format.number(rule.lastYears),
        part: local(rule.requires.label),
      });
    case 'track':
      return t('rule.track', { rule: clause(rule.rule, unit, words), track: rule.track });
    case 'cross_credit':
      return t('rule.cross-credit', { from: local(rule.from.label), to: rule.to.map(nameOf).join(', ') });
    case 'credits':
      return t('rule.credits', { amount: amount(rule.minimum, 'credits'), scope: local(rule.scope.label) });
    case 'qualitative':
      return t('rule.qualitative');
  }
};
