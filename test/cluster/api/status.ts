import { qualifiedKind, qualifiedName, type JsonObject } from './model';

/** One entry of `Status.details.causes`. */
export interface Cause { readonly reason: string; readonly message: string; readonly field?: string }

/** A refusal as the API server words it; becomes the answer's `Status` body. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: number, reason: string, message: string, details?: JsonObject, headers: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.headers = headers;
  }

  status(): JsonObject {
    return {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }), ...(this.details ? { details: this.details } : {}), code: this.code,
    };
  }
}

interface Named { readonly group: string; readonly plural: string; readonly kind: string }

const detailsOf = (resource: Named, name: string): JsonObject =>
  ({ ...(name === '' ? {} : { name }), ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural });

export const notFound = (resource: Named, name: string) =>
  new ApiError(404, 'NotFound', `${qualifiedName(resource)} "${name}" not found`, detailsOf(resource, name));

/** The resource itself is not served. */
export const notServed = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (resource: Named, name: string) =>
  new ApiError(409, 'AlreadyExists', `${qualifiedName(resource)} "${name}" already exists`, detailsOf(resource, name));

export const conflict = (resource: Named, name: string, text: string) =>
  new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${text}`, detailsOf(resource, name));

export const modified = (resource: Named, name: string) =>
  conflict(resource, name, 'the object has been modified; please apply your changes to the latest version and try again');

/** 422. `kind` in the details is the kind's name here, not the plural. */
export function invalid(resource: Named, name: string, causes: readonly Cause[]): ApiError {
  const texts = causes.map((cause) => (cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`));
  const text = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
  return new ApiError(422, 'Invalid', `${qualifiedKind(resource)} "${name}" is invalid: ${text}`,
    { ...(name === '' ? {} : { name }), ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.kind, causes });
}

export const badRequest = (text: string) => new ApiError(400, 'BadRequest', text);

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized');

/** The list page or watch window asked for is no longer kept. */
export const expired = (text: string, metadata?: JsonObject) => new ExpiredError(text, metadata);

export const methodNotAllowed = () => new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const unsupportedMediaType = (accepted: readonly string[]) =>
  new ApiError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`);

export const internalError = (text: string) =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] });

class ExpiredError extends ApiError {
  readonly #metadata: JsonObject | undefined;

  constructor(text: string, metadata?: JsonObject) {
    super(410, 'Expired', text);
    this.#metadata = metadata;
  }

  override status(): JsonObject {
    return { ...super.status(), ...(this.#metadata ? { metadata: this.#metadata } : {}) };
  }
}
