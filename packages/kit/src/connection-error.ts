const codes = /\b(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|ERR_HTTP2\w*)\b/;

/**
 * Why a call of the SDK got no answer: `connect ECONNREFUSED 127.0.0.1:4566`. Undefined for an error that is not the
 * connection's. The call may have had its effect.
 */
export function connectionProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // The SDK may wrap the connection's error and keep only its message.
  const message = error.message.replace(/^AWS SDK error wrapper for (Error: )?/, '');
  if (!codes.test(`${code} ${message}`) && error.name !== 'TimeoutError') return undefined;
  // Node's error for a name with several addresses has a code and no message.
  return message || code || error.name;
}
