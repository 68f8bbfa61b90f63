import type { ApiObject, Resource } from './model';

/** Notes in `managedFields` which fields an update changed and thereby owns. Changes `next`. */
export function recordUpdate(_change: { resource: Resource; old: ApiObject | undefined; next: ApiObject; manager: string; subresource: string; now: string }): void {
}
