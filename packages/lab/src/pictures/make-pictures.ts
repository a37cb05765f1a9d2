import { compareWithTemplate } from './architecture/compare.ts';
import { readTemplate, type Template, withoutHash } from './architecture/template.ts';
import { drawArchitecture } from './draw-architecture.ts';
import { drawStateMachine } from './draw-state-machine.ts';
import type { PictureFile } from './picture-files.ts';

const WORKFLOW = 'IngestWorkflowStateMachine';

/** The pictures of a stack, and what stands between them and the truth. */
export interface Pictures {
  readonly files: readonly PictureFile[];
  /** What the architecture's description and the template disagree about, as sentences for people. */
  readonly disagreements: readonly string[];
}

/**
 * Makes all pictures of a template that was parsed from JSON. Throws when it is no template or has no ingest workflow.
 */
export function makePictures(json: unknown): Pictures {
  const template = readTemplate(json);
  const definition = workflowDefinition(template);
  const workflow = {
    title: 'The ingest workflow',
    subtitle: 'One execution stores a batch of tweets and counts their hashtags exactly once.',
  };
  return {
    files: [
      { name: 'architecture.svg', svg: drawArchitecture() },
      { name: 'ingest-workflow.svg', svg: drawStateMachine(definition, workflow) },
    ],
    disagreements: compareWithTemplate(template),
  };
}

function workflowDefinition({ resources }: Template): unknown {
  const [found] = [...resources].filter(([id]) => withoutHash(id) === WORKFLOW);
  const definition = found?.[1].properties.DefinitionString;
  if (typeof definition !== 'string') throw new Error(`The template has no ${WORKFLOW} with its definition as text.`);
  return JSON.parse(definition);
}
