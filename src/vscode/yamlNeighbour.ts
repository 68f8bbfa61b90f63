import { type Diagnostic, DiagnosticSeverity, type Event, extensions, workspace } from 'vscode';
import type { Disposable } from '../base/disposable';
import { platformGroup } from '../domain/kind';
import { isOnlyManifests } from '../domain/manifestText';

/**
 * As far as it is used; the interface of `redhat.vscode-yaml`, which hands out schemas by the scheme of their URI. `false`: that scheme is taken.
 * Where the pattern `label`, if it has no colon, is found in a file, no other contributor is heard: the Kubernetes extension has the cluster's schemas as well.
 */
export interface YamlExtension {
  registerContributor(scheme: string, schemaOf: (resource: string) => string | undefined, contentOf: (uri: string) => string, label?: string): boolean;
}

/** An extension that is installed, running or not. */
export interface Neighbour {
  activate(): Thenable<YamlExtension | undefined>;
}

const scheme = 'dvp-manifest';

const version = '(^|\\n)apiVersion[ \\t]*\\x3a';
const ours = `[ \\t]*["']?${platformGroup.replaceAll('.', '\\.')}/`;

/** As `isOnlyManifests`. */
const onlyManifests = `^(?![^]*${version}(?!${ours}))(?=[^]*${version}${ours})`;

/**
 * Tells a YAML extension, now or as soon as it is installed, that it knows nothing about files of the platform's manifests alone: schemas that
 * a file's name, a setting or another extension gives them would say the same again, or less. It keeps what it says about YAML itself.
 */
export function keepApart(onError: (error: unknown) => void, find = findExtension, onDidInstall: Event<void> = extensions.onDidChange): Disposable {
  const register = async () => {
    const neighbour = await find()?.activate();
    neighbour?.registerContributor(scheme, (resource) => (isOurs(resource) ? `${scheme}://schema/any` : undefined), () => '{}', onlyManifests);
  };
  const registerNow = () => { register().catch(onError); };
  registerNow();
  return onDidInstall(registerNow);
}

function findExtension(): Neighbour | undefined {
  return extensions.getExtension<YamlExtension | undefined>('redhat.vscode-yaml');
}

function isOurs(resource: string): boolean {
  const document = workspace.textDocuments.find(({ uri }) => uri.toString() === resource);
  return document !== undefined && isOnlyManifests(document.getText());
}

/** What `yaml-language-server` and the editor's own support of JSON call themselves in what they say about a text as such. */
const neighbourSources = ['YAML', 'json', 'jsonc'];

/** Findings without those of text that is no YAML or JSON, or names a key twice, where somebody else calls it an error on the same lines. */
export function unrepeated(findings: readonly Diagnostic[], told: readonly Diagnostic[]): readonly Diagnostic[] {
  const theirs = told.filter(({ source, severity }) => neighbourSources.includes(source ?? '') && severity === DiagnosticSeverity.Error);
  return findings.filter((finding) => !isAboutYaml(finding) || !theirs.some(({ range }) => range.start.line <= finding.range.end.line && range.end.line >= finding.range.start.line));
}

function isAboutYaml({ code }: Diagnostic): boolean {
  return String(typeof code === 'object' ? code.value : code).startsWith('yaml/');
}
