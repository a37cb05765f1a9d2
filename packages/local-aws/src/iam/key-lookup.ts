/**
 * The condition keys of one request by their names in lower case. Undefined: the request does not have the key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export type KeyLookup = (key: string) => string | readonly string[] | undefined;
