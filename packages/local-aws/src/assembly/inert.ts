import type { JsonObject } from '@tweet-pipes/kit/json';
import { takePaths } from './property-paths.ts';
import type { ResourceType } from './resource-type.ts';

/** Something of the template that is accepted locally and does nothing. */
export interface InertPart {
  /** A resource type (`AWS::IAM::Role`) or a property of one (`AWS::S3::Bucket BucketEncryption`). */
  what: string;
  /** Why nothing is missed, or what is. */
  reason: string;
  /** The resources that have it. */
  logicalIds: string[];
}

/** Gathers the inert parts of a stack, one row per type or property, in the order they are met. */
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
