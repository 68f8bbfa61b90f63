import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ClusterError } from '../../../src/cluster/errors';
import { fetchOpenApi } from '../../../src/cluster/openApi';
import { platformGroup } from '../../../src/domain/kind';
import { clusterSchemas } from '../../../src/language/clusterSchemas';
import type { JsonObject } from '../../../src/language/prune';
import { schemaAt } from '../../../src/language/schemaPath';
import { bundledSchemas, type SchemaSource } from '../../../src/language/schemaSource';
import type { KindVersion, Schema } from '../../../src/language/structural';
import { readSchema } from '../../unit/language/support';
import { until } from '../../until';
import { halves, startSite, type Site } from './site';

for (const { half, skip } of halves) {
  describe(`the cluster's own schemas, ${half} API server`, { skip: skip ?? false }, () => {
    const bundled = bundledSchemas('1.10', readSchema);
    let site: Site;
    before(async () => {
      site = await startSite(half);
    });
    after(() => site.stop());

    test('they are the bundled ones where the cluster has that release, rules and words included', async () => {
      const api = site.api(await site.context());
      // A real API server describes definitions some time after it has them, one version after the other.
      const described = await until(async () => {
        const known = await fetchOpenApi(api, undefined);
        return known && isDeepStrictEqual(servedVersions(clusterSchemas(bundled, known.documents)), servedVersions(bundled)) ? known : undefined;
      }, 'every version of every kind described');
      const source = clusterSchemas(bundled, described.documents);
      assert.deepEqual(source.platformKinds().map(({ names }) => names), bundled.platformKinds().map(({ names }) => names));
      for (const kind of bundled.platformKinds()) {
        const theirs = source.kind(platformGroup, kind.names.kind);
        assert.equal(theirs?.scope, kind.scope);
        for (const { name, schema, subresources } of kind.versions.filter(({ served }) => served)) {
          const version: KindVersion | undefined = theirs?.versions.find((each) => each.name === name);
          assert.deepEqual(version && [sorted(version.schema), version.subresources?.status], [sorted(schema), subresources?.status], `${kind.names.kind} ${name}`);
          assert.deepEqual(Object.keys(version?.schema.properties?.['spec']?.properties ?? {}), Object.keys(schema.properties?.['spec']?.properties ?? {}));
        }
      }
    });

    test('a changed definition is noticed by its address, an unchanged one costs one question', async () => {
      const api = site.api(await site.context());
      const first = await fetchOpenApi(api, undefined);
      assert.equal(await fetchOpenApi(api, first), first);
      const url = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/virtualdisks.${platformGroup}`;
      const definition = await site.cluster.admin.do('GET', url) as { spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: { properties: JsonObject } } } } }[] } };
      Object.assign(definition.spec.versions[0]?.schema.openAPIV3Schema.properties.spec.properties ?? {}, { colour: { type: 'string' } });
      await site.cluster.admin.do('PUT', url, definition);
      await until(async () => {
        const now = await fetchOpenApi(api, first);
        const disk = now === first || !now ? undefined : clusterSchemas(bundled, now.documents).kind(platformGroup, 'VirtualDisk');
        return schemaAt(disk?.versions[0]?.schema, ['spec', 'colour'])?.type === 'string';
      }, 'the changed definition');
    });

    test('who may not ask is told so, and has what is bundled', async () => {
      const api = site.api(await site.context('token', { user: { token: 'nobody' } }));
      await assert.rejects(fetchOpenApi(api, undefined), ClusterError);
    });
  });
}

/** Each kind with the versions of it that are served, in order. */
function servedVersions(source: SchemaSource): [kind: string, versions: string[]][] {
  return source.platformKinds().map(({ names, versions }) => [names.kind, versions.filter(({ served }) => served).map(({ name }) => name)]);
}

const identity = ['apiVersion', 'kind', 'metadata'];

/** What the two ways of writing a schema share: `metadata`, `apiVersion` and `kind` are the API server's, and nothing is said by an empty list. */
function sorted(schema: Schema): unknown {
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !identity.includes(name)));
  return ordered({ ...schema, properties, required: schema.required?.filter((name) => !identity.includes(name)), 'x-kubernetes-group-version-kind': undefined });
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  const entries = Object.entries(value).filter(([key, item]) => item !== undefined && !(key === 'required' && Array.isArray(item) && item.length === 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, key === 'required' && Array.isArray(item) ? [...item as string[]].sort() : ordered(item)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}
