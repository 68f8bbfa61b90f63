import { Document, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { isRecord, type KubeObject } from '../domain/kubeObject';

/** An object as YAML with a comment at each field that none of `known` has. */
export function comparedText(object: KubeObject, known: readonly unknown[], comment: string): string {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false, sortMapEntries: false });
  mark(document.contents, known, comment);
  return document.toString({ lineWidth: 0 });
}

function mark(node: unknown, known: readonly unknown[], comment: string): void {
  if (isSeq(node)) {
    node.items.forEach((item, index) => mark(item, known.map((each) => (Array.isArray(each) ? each[index] as unknown : undefined)), comment));
  }
  for (const { key, value } of isMap<Scalar<string>>(node) ? node.items : []) {
    const inside = known.map((each) => (isRecord(each) ? each[key.value] : undefined));
    if (inside.some((each) => each !== undefined)) {
      mark(value, inside, comment);
    } else if (isScalar(value)) {
      value.comment = ` ${comment}`;
    } else {
      key.comment = ` ${comment}`;
    }
  }
}
