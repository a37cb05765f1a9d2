import type { JsonObject } from '@tweet-pipes/kit/json';
import { takePaths } from './property-paths.ts';
import type { ResourceType } from './resource-type.ts';

/** A part of the template that is accepted and does nothing locally, or not what it does on AWS. */
export interface InertPart {
  /**
   * A resource type (`AWS::IAM::Role`), a property of one (`AWS::S3::Bucket BucketEncryption`), or a service that
   * another program stands in for (`AWS::StepFunctions::StateMachine Comprehend`).
   */
  what: string;
  /** Why it does nothing, and what is missing or what is there instead. */
  reason: string;
  /** The resources with this part. */
  logicalIds: string[];
}

/** Collects the inert parts of a stack: one entry for each type or property, in the order of the template. */
export class InertParts {
  readonly #parts = new Map<string, InertPart>();

  add(logicalId: string, type: ResourceType, properties: JsonObject): void {
    if (type.handling === 'inert') {
      this.#note(type.type, type.reason, logicalId);
      return;
    }
    for (const path of takePaths(properties, Object.keys(type.inert)).found) {
      this.#note(`${type.type} ${path}`, type.inert[path] ?? '', logicalId);
    }
    for (const [name, reason] of Object.entries(type.standIns(properties))) {
      this.#note(`${type.type} ${name}`, reason, logicalId);
    }
  }

  get list(): InertPart[] {
    return [...this.#parts.values()];
  }

  #note(what: string, reason: string, logicalId: string): void {
    const part = this.#parts.get(what) ?? { what, reason, logicalIds: [] };
    part.logicalIds.push(logicalId);
    this.#parts.set(what, part);
  }
}

/** The inert parts of several stacks: one entry for each type or property. */
export function mergeInertParts(parts: readonly InertPart[]): InertPart[] {
  const merged = new Map<string, InertPart>();
  for (const { what, reason, logicalIds } of parts) {
    merged.set(what, { what, reason, logicalIds: [...(merged.get(what)?.logicalIds ?? []), ...logicalIds] });
  }
  return [...merged.values()];
}
