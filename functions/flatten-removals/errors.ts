/**
 * Why an event became an error row; `name` is the value of the column `error`. Messages name attributes and never show
 * values: an archive without content must not receive content in an error. A retry changes none of these.
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
