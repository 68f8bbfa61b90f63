import { stringify } from 'yaml';
import type { KubeObject } from '../domain/kubeObject';

/** An object as YAML that means the same to readers of YAML 1.1 and 1.2. In a file of its own, so that the library is loaded with it and not before. */
export function yamlText(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  return stringify({ apiVersion, kind, metadata, ...rest }, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}
