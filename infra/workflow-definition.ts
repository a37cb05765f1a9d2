import { readFileSync } from 'node:fs';

import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { parse, type ScalarTag } from 'yaml';

const workflows = new URL('../statemachines/', import.meta.url);

/**
 * The definition of a workflow in Amazon States Language: `<name>/<name>.asl.yaml` in the folder of workflows.
 * `!jsonata <file>` stands for the expression in that file beside it, without its comments, each on lines of its own:
 * AWS bills the size of a definition as memory. Holes such as `${TweetTable}` stay for CloudFormation to fill. Throws
 * an Error that names the file for one that is missing or invalid.
 */
export function readWorkflow(name: string, folder = workflows): JsonObject {
  const file = new URL(`${name}/${name}.asl.yaml`, folder);
  const jsonata: ScalarTag = { tag: '!jsonata', resolve: (path) => readExpression(new URL(path, file)) };
  const definition: unknown = parse(readFileSync(file, 'utf8'), { customTags: [jsonata], merge: true });
  if (!isJsonObject(definition)) throw new Error(`${file.pathname} holds no workflow: it must be an object.`);
  return definition;
}

function readExpression(file: URL): string {
  const text = readFileSync(file, 'utf8').replaceAll(/^ *\/\*.*?\*\/\n/gms, '');
  return `{% ${text.trim()} %}`;
}

/**
 * The same text in the strings of a JSON document, in ASCII: CloudFormation deploys other characters, but gives them
 * back as question marks, which misleads `cdk diff` and breaks `cdk import`
 * (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814).
 */
export function escapeForJson(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
