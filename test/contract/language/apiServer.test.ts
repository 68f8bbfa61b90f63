import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { stringAt, valueAt } from '../../../src/domain/values';
import { judge } from '../../../src/language/apiServer';
import { parseManifest } from '../../../src/language/manifest';
import type { JsonObject } from '../../../src/language/prune';
import type { AdminClient } from '../../cluster/adminClient';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { startCluster, type Cluster } from '../../cluster/start';
import { kindSchemas } from '../../unit/language/kinds';
import type { KindSchema } from '../../../src/language/structural';
import { mutate, seeded } from './mutations';
import { companionMutants, diagnosesOf, difference, digest, fieldsOf, found, invented, keptAnswersFile, mutants, ours, printed, questionOf, respelt, respeltJson, toAnswer, validObjects, type Answer, type Question } from './questions';

/** How many mutants a run asks about, and of which seed; another seed asks other questions. */
const count = Number(process.env['MUTANTS'] ?? 1500);
const seed = Number(process.env['MUTANT_SEED'] ?? 20);

const mutantsPerUpdate = 40;

for (const module of ['1.10', '0.17'] as const) {
  describe(`the verdict of a real API server, module ${module}`, { skip: whyNoRealApi() ?? false }, () => {
    let cluster: Cluster;
    before(async () => {
      cluster = await startCluster({ api: 'real', module, platform: false, world: 'empty' });
    });
    after(() => cluster.stop());

    test('valid manifests are accepted', async () => {
      for (const question of valid(module)) {
        assert.deepEqual(await theirs(cluster.admin, question), { code: 201, fields: [] }, question.text);
        assert.deepEqual(ours(question), { code: 201, fields: [] }, question.text);
      }
    });

    test(`${count} mutants are judged alike`, async () => {
      const questions = mutants(module, seed, count);
      const answers = await inParallel(questions, (question) => theirs(cluster.admin, question));
      if (process.env['KEEP_ANSWERS']) {
        writeFileSync(keptAnswersFile(module), `${JSON.stringify({ seed, texts: digest(questions), answers: answers.map(printed) }, null, 0).replaceAll('","', '",\n"')}\n`);
      }
      const differences = questions.flatMap((question, index) => {
        const [mine, real] = [ours(question), answers[index]];
        return JSON.stringify(mine) === JSON.stringify(real) ? [] : [`${JSON.stringify(real)} is ${JSON.stringify(mine)} to us:\n${question.text}`];
      });
      assert.equal(differences.length, 0, `${differences.length} of ${count} differ\n${differences.slice(0, 5).join('\n')}`);
    });

    test(`${count} invented manifests are judged alike`, async () => {
      const questions = invented(module, seed, count);
      const diagnoses = diagnosesOf(module);
      const differences = await inParallel(questions, async (question) => {
        const [mine, real] = [ours(question), await theirs(cluster.admin, question)];
        const different = JSON.stringify(mine) === JSON.stringify(real) ? difference(found(diagnoses, question.text), real) : `we say ${printed(mine)}`;
        return different && `${different} (${printed(real)}):\n${question.text}`;
      });
      const told = differences.filter((each) => each !== undefined);
      assert.equal(told.length, 0, `${told.length} of ${count} differ\n${told.slice(0, 5).join('\n')}`);
    });

    test(`findings are what is refused, in ${count} odd spellings`, async () => {
      const questions = respelt(module, seed, count);
      const diagnoses = diagnosesOf(module);
      const differences = await inParallel(questions, async (question) => {
        const answer = await theirs(cluster.admin, question);
        const different = difference(found(diagnoses, question.text), answer);
        return different && `${different} (${printed(answer)}):\n${question.text}`;
      });
      const told = differences.filter((each) => each !== undefined);
      assert.equal(told.length, 0, `${told.length} of ${questions.length} differ\n${told.slice(0, 5).join('\n')}`);
    });

    test(`JSON is read as it stands, in ${count} odd spellings`, async () => {
      const diagnoses = diagnosesOf(module);
      const differences = await inParallel(respeltJson(module, seed, count), async (question) => {
        const [mine, real] = [ours(question), await theirs(cluster.admin, question)];
        const different = JSON.stringify(mine) === JSON.stringify(real) ? difference(found(diagnoses, question.text, 'json'), real) : `we say ${printed(mine)}`;
        return different && `${different} (${printed(real)}):\n${question.text}`;
      });
      const told = differences.filter((each) => each !== undefined);
      assert.equal(told.length, 0, `${told.length} of ${count} differ\n${told.slice(0, 5).join('\n')}`);
    });

    test('of Kubernetes\' own kinds nothing is refused that is accepted, and little is missed', async () => {
      const diagnoses = diagnosesOf(module);
      const judged = await inParallel(companionMutants(seed, count / 2), async (question) => {
        const isRefused = (await theirs(cluster.admin, question)).code >= 300;
        return { text: question.text, isRefused, isFound: found(diagnoses, question.text).length > 0 };
      });
      // A dry run takes no port of the nodes, and so never says that there is none of such a number.
      assert.deepEqual(judged.filter(({ isRefused, isFound, text }) => isFound && !isRefused && !/nodePort: \d{6}/.test(text)).map(({ text }) => text), []);
      const missed = judged.filter(({ isRefused, isFound }) => isRefused && !isFound);
      assert.ok(missed.length <= judged.length * 0.004, `${missed.length} of ${judged.length} are missed\n${missed.slice(0, 5).map(({ text }) => text).join('\n')}`);
    });

    test('updates are judged alike, transition rules included', async () => {
      const kinds = kindSchemas(module);
      for (const object of validObjects(module).filter((each) => stringAt(each, 'metadata.name') !== undefined)) {
        const question = questionOf(object, kinds);
        const { kind, version } = question;
        const stored = await cluster.admin.do('POST', urlOf(question), object) as JsonObject;
        for (const changed of changes(stored)) {
          const { code, json } = await cluster.admin.ask('PUT', `${urlOf(question)}/${stringAt(stored, 'metadata.name') ?? ''}?dryRun=All&fieldValidation=Strict`, { body: changed });
          const verdict = judge({ manifest: parseManifest(JSON.stringify(changed), 'json'), kind, version, operation: 'update', before: stored });
          assert.deepEqual(toAnswer(verdict), answerOf(code, json), JSON.stringify(changed));
        }
        for (const text of updates(stored, kind, seeded(seed))) {
          const { code, json } = await cluster.admin.ask('PUT', `${urlOf(question)}/${stringAt(stored, 'metadata.name') ?? ''}?dryRun=All&fieldValidation=Strict`, { body: text, contentType: 'application/yaml' });
          assert.deepEqual(toAnswer(judge({ manifest: parseManifest(text), kind, version, operation: 'update', before: stored })), answerOf(code, json), text);
        }
      }
    });
  });
}

/** The object with every field of its spec, one after the other, taken away or replaced. */
function* changes(stored: JsonObject): Iterable<JsonObject> {
  const spec = stored['spec'] as JsonObject;
  yield stored;
  for (const key of Object.keys(spec)) {
    const { [key]: taken, ...rest } = spec;
    yield { ...stored, spec: rest };
    yield { ...stored, spec: { ...rest, [key]: typeof taken === 'string' ? `${taken}x` : typeof taken === 'number' ? taken + 1 : 'other' } };
    if (typeof taken === 'object' && taken !== null && !Array.isArray(taken)) {
      const [first] = Object.keys(taken);
      yield { ...stored, spec: { ...rest, [key]: Object.fromEntries(Object.entries(taken).filter(([name]) => name !== first)) } };
    }
  }
}

/** Mutants of a stored object that are still about it. */
function updates(stored: JsonObject, kind: KindSchema, random: () => number): readonly string[] {
  const metadata = { ...stored['metadata'] as JsonObject };
  delete metadata['managedFields'];
  const identity = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.resourceVersion'];
  return Array.from({ length: mutantsPerUpdate }, () => mutate({ ...stored, metadata }, kind, random)).filter((text) => {
    const { value } = parseManifest(text);
    return identity.every((field) => stringAt(value, field) === stringAt(stored, field));
  });
}

function valid(module: '1.10' | '0.17'): readonly Question[] {
  const kinds = kindSchemas(module);
  return validObjects(module).map((object) => questionOf(object, kinds));
}

async function theirs(admin: AdminClient, question: Question): Promise<Answer> {
  const { code, json } = await admin.ask('POST', `${urlOf(question)}?dryRun=All&fieldValidation=Strict`, { body: question.text, contentType: `application/${question.format ?? 'yaml'}` });
  return answerOf(code, json);
}

function answerOf(code: number, answer: unknown): Answer {
  const causes = code === 422 ? valueAt(answer, 'details.causes') : [];
  return { code, fields: code < 300 ? [] : fieldsOf(code, stringAt(answer, 'message') ?? '', Array.isArray(causes) ? causes.map((cause) => stringAt(cause, 'field') ?? '') : []) };
}

function urlOf({ kind, version }: Question): string {
  return `${kind.group === '' ? '/api' : `/apis/${kind.group}`}/${version}/${kind.scope === 'Namespaced' ? 'namespaces/default/' : ''}${kind.names.plural}`;
}

async function inParallel<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) {
        results[index] = await run(item);
      }
    }
  }));
  return results;
}
