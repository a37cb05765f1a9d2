import { findViolations } from '../definition/parse-definition.ts';
import { parseInput, validateDefinitionInput } from './input.ts';

const MOST_DIAGNOSTICS = 100;

/**
 * Answers ValidateStateMachineDefinition. There are no warnings: those that AWS documents concern JSONPath, which is an
 * error here.
 * {@link https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html}
 */
export function validateDefinition(input: Record<string, unknown>): object {
  const { definition, type, maxResults } = parseInput(validateDefinitionInput, input);
  const violations = findViolations(definition, type);
  const shown = violations.slice(0, maxResults === 0 ? MOST_DIAGNOSTICS : maxResults);
  return {
    result: violations.length === 0 ? 'OK' : 'FAIL',
    diagnostics: shown.map(({ code, message, location }) => ({
      severity: 'ERROR',
      code,
      message,
      ...(location === undefined ? {} : { location }),
    })),
    truncated: shown.length < violations.length,
  };
}
