import { stringAt, type Path } from '../domain/values';
import type { Admission, Denial } from './apiServer';
import type { JsonObject } from './prune';
import type { AdmissionRule, Facts, ModuleGeneration, Outcome, Situation } from './rule';
import { webhooks, type Webhook } from './rules';
import { fillInMachine } from './rules/machineDefaults';
import type { Schema } from './structural';

/** What one rule says about an object, for people: every rule speaks, not only the first. */
export interface PlatformFinding {
  readonly code: AdmissionRule['code'];
  readonly severity: 'error' | 'warning';
  /** The platform's words. */
  readonly message: string;
  readonly path: Path;
}

/** The platform's admission for objects of a kind as the API server calls it; `undefined` for kinds that have none. `schema` is the kind's. */
export function platformAdmission(module: ModuleGeneration, kind: string, schema: Schema, facts: Facts): Admission | undefined {
  const webhook = webhooks[module][kind];
  if (!webhook) {
    return undefined;
  }
  const validate: Admission['validate'] = (object, before) => {
    const situation = { object, before, facts };
    const warnings: string[] = [];
    for (const { outcome } of outcomes(webhook, situation)) {
      if ('deny' in outcome) {
        return { denial: denial(webhookName(webhook, kind, module, object), outcome), warnings };
      }
      warnings.push(outcome.warn);
    }
    return { warnings };
  };
  if (kind !== 'VirtualMachine' || module === '0.17') {
    return { validate };
  }
  const mutate: Admission['mutate'] = (object, before) => {
    const outcome = fillInMachine({ object, before, facts }, schema);
    return outcome && 'deny' in outcome ? denial(webhook.name, outcome) : undefined;
  };
  return { mutate, validate };
}

/** Everything that the platform has against an object, rule by rule. */
export function platformFindings(module: ModuleGeneration, kind: string, situation: Situation): readonly PlatformFinding[] {
  const webhook = webhooks[module][kind];
  return webhook ? [...outcomes(webhook, situation)].map(({ code, outcome }) => ({
    code, severity: 'deny' in outcome ? 'error' : 'warning', message: 'deny' in outcome ? outcome.deny : outcome.warn, path: outcome.path,
  })) : [];
}

function* outcomes(webhook: Webhook, situation: Situation): Iterable<{ code: AdmissionRule['code']; outcome: Outcome }> {
  // Machines on their way out may be changed freely, else their finalizers could not go.
  if (stringAt(situation.object, 'kind') === 'VirtualMachine' && stringAt(situation.before, 'metadata.deletionTimestamp')) {
    return;
  }
  for (const rule of webhook.rules) {
    for (const outcome of rule.check(situation)) {
      yield { code: rule.code, outcome };
    }
  }
}

/** Classes have a webhook for each version since there are two. */
function webhookName({ name }: Webhook, kind: string, module: ModuleGeneration, object: JsonObject): string {
  const version = stringAt(object, 'apiVersion')?.split('/')[1] ?? '';
  return kind === 'VirtualMachineClass' && module === '1.10' ? name.replace('vmclass.', `vmclass-${version}.`) : name;
}

function denial(webhook: string, outcome: Extract<Outcome, { deny: string }>): Denial {
  return { webhook, message: outcome.deny, code: outcome.code ?? 403, path: outcome.path };
}
