import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diagnosesOf, difference, digest, found, keptAnswersFile, mutants, ours, printed, type KeptAnswers } from '../../contract/language/questions';

for (const module of ['1.10', '0.17'] as const) {
  test(`mutants are judged as a real API server did, module ${module}`, () => {
    const kept = JSON.parse(readFileSync(keptAnswersFile(module), 'utf8')) as KeptAnswers;
    const questions = mutants(module, kept.seed, kept.answers.length);
    assert.equal(digest(questions), kept.texts, 'the mutants are no longer those of the answers: ask a real API server with KEEP_ANSWERS=1 in test/contract/language');
    const differences = questions.flatMap((question, index) => {
      const mine = printed(ours(question));
      return mine === kept.answers[index] ? [] : [`"${kept.answers[index] ?? ''}" is "${mine}" to us:\n${question.text}`];
    });
    assert.equal(differences.length, 0, differences.slice(0, 5).join('\n'));
  });

  test(`findings are what a real API server refused, module ${module}`, () => {
    const kept = JSON.parse(readFileSync(keptAnswersFile(module), 'utf8')) as KeptAnswers;
    const diagnoses = diagnosesOf(module);
    const differences = mutants(module, kept.seed, kept.answers.length).flatMap(({ text }, index) => {
      const different = difference(found(diagnoses, text), { code: Number.parseInt(kept.answers[index] ?? '', 10), fields: [] });
      return different === undefined ? [] : [`${different}:\n${text}`];
    });
    assert.equal(differences.length, 0, differences.slice(0, 5).join('\n'));
  });
}
