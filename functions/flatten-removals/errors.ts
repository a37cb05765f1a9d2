/**
 * Why an event became an error row; `name` is what its column `error` says. Messages name attributes and never show
 * values, since an archive without content must not get it through an error. None of these heals by a retry.
 */
class RemovalError extends Error {}

/** The event is no REMOVE event of a DynamoDB stream. */
export class MalformedEventError extends RemovalError {
  override readonly name = 'MalformedEvent';
}

/** An attribute's value is not DynamoDB JSON. */
export class MalformedAttributeError extends RemovalError {
  override readonly name = 'MalformedAttribute';
}

/** The event's table has no label in `TABLE_LABELS`. */
export class UnknownTableError extends RemovalError {
  override readonly name = 'UnknownTable';
}
