import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './paths';

/** Every sentence that the product shows: the first arguments of `t(…)` and `text(…)` in its sources, sorted. Throws where one cannot be collected. */
export function shownTexts(): readonly string[] {
  const files = [...globSync('src/**/*.ts', { cwd: root }), ...globSync('webviews/**/*.ts', { cwd: root })];
  const found = new Set(files.flatMap((file) => [...textsIn(file, readFileSync(path.join(root, file), 'utf8'))]));
  return [...found].sort();
}

/** The sentences of one file. What is no literal is data, which `text` has marked where it stands. */
export function* textsIn(file: string, source: string): Iterable<string> {
  const pending: ts.Node[] = [ts.createSourceFile(file, source, ts.ScriptTarget.Latest)];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && (node.expression.text === 't' || node.expression.text === 'text')) {
      yield* literals(node.arguments[0], file);
    }
    ts.forEachChild(node, (child) => void pending.push(child));
  }
}

function* literals(argument: ts.Expression | undefined, file: string): Iterable<string> {
  if (!argument) {
    return;
  }
  if (ts.isStringLiteralLike(argument)) {
    yield* argument.text === '' ? [] : [argument.text];
  } else if (ts.isConditionalExpression(argument)) {
    yield* literals(argument.whenTrue, file);
    yield* literals(argument.whenFalse, file);
  } else if (ts.isBinaryExpression(argument) && argument.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
    yield* literals(argument.left, file);
    yield* literals(argument.right, file);
  } else if (ts.isTemplateExpression(argument) || ts.isBinaryExpression(argument)) {
    throw new Error(`${file}: a text that is put together cannot be translated; use placeholders.`);
  }
}
