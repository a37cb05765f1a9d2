import { meter } from '../meter.ts';
import { type Binary, type Compiler, type Library, type Run, settled } from './node.ts';

/** An operator with two sides: `and` and `or` evaluate the right one only if they must. */
export function compileBinary(node: Binary, { library, runOf }: Compiler): Run | undefined {
  const { value: operator, position } = node;
  const [lhs, rhs] = [runOf(node.lhs), runOf(node.rhs)];
  if (operator === 'and' || operator === 'or') {
    const decisive = operator === 'or';
    return (input, frame) => {
      meter.enter(frame);
      const left = lhs(input, frame);
      let result: boolean;
      try {
        result = library.boolean(left) ?? false;
        if (result !== decisive) result = library.boolean(rhs(input, frame)) ?? false;
      } catch (error) {
        throw located(error, position, operator);
      }
      meter.made(result);
      meter.leave(frame);
      return result;
    };
  }
  const operation = operationOf(operator, library);
  if (operation === undefined) return undefined;
  return (input, frame) => {
    meter.enter(frame);
    const left = lhs(input, frame);
    const right = rhs(input, frame);
    let result: unknown;
    try {
      result = operation(left, right, operator);
    } catch (error) {
      throw located(error, position, operator);
    }
    meter.binary(result);
    meter.leave(frame);
    return settled(result);
  };
}

function operationOf(operator: string, library: Library) {
  switch (operator) {
    case '=':
    case '!=':
      return library.evaluateEqualityExpression;
    case '&':
      return library.evaluateStringConcat;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return library.evaluateNumericExpression;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return library.evaluateComparisonExpression;
    case 'in':
      return library.evaluateIncludesExpression;
    case '..':
      return library.evaluateRangeExpression;
    default:
      return undefined;
  }
}

/** The same error, with the place of the operator. */
function located(error: unknown, position: number | undefined, token: string): unknown {
  return typeof error === 'object' && error !== null ? Object.assign(error, { position, token }) : error;
}
