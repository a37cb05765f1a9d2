import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Random } from '@tweet-pipes/kit/random';
import { physicalName } from '../assembly/physical-name.ts';
import type { LoadContext } from '../assembly/resource-type.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { WantedResource } from './plan.ts';
import { type ResourceRecord, stands } from './stack-record.ts';
import type { StackStore } from './stack-store.ts';
import { validationError } from './validation-error.ts';

const SUFFIX_LENGTH = 12;
const SUFFIX_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The name of a resource that is created. */
export interface ResourceName {
  readonly physicalName: string;
  /** Whether a resource of that name exists, and is taken over. */
  readonly isAdopted: boolean;
}

/** How an operation treats names that are in use. */
export interface NameRules {
  /** Whether resources that no stack owns are taken over. */
  readonly adopt: boolean;
  /** Whether nothing exists but what stacks have made. */
  readonly isAccountEmpty: boolean;
}

/** What {@link ResourceNames} needs. */
interface NameParts {
  readonly store: Pick<StackStore, 'all'>;
  readonly random: Pick<Random, 'next'>;
}

/** Chooses the names of the resources that an operation creates. */
export class ResourceNames {
  readonly #parts: NameParts;
  readonly #context: LoadContext;

  constructor(parts: NameParts, context: LoadContext) {
    this.#parts = parts;
    this.#context = context;
  }

  /**
   * The name of a resource that is created. Where its creation failed or was interrupted, that of `begun` stays. Throws
   * AwsError `AlreadyExistsException` for a name that the template gives and that is in use.
   */
  async ofNew(
    wanted: WantedResource,
    properties: JsonObject,
    begun: ResourceRecord | undefined,
    rules: NameRules,
  ): Promise<ResourceName> {
    const { type } = wanted;
    if (type.handling === 'inert') return { physicalName: wanted.physicalName, isAdopted: false };
    const given = type.givenName(properties);
    if (begun?.ref === '' && begun.type === type.type && (given === undefined || given === begun.physicalName)) {
      return begun;
    }
    const name = given ?? wanted.physicalName;
    // Of any type: some types share their names.
    const isTaken =
      (!rules.isAccountEmpty || this.#has((each) => each.physicalName === name)) &&
      (await type.exists({ ...wanted, physicalName: name }, properties, this.#context));
    if (given !== undefined) {
      if (isTaken && !rules.adopt) throw alreadyExists(given);
      return { physicalName: given, isAdopted: isTaken };
    }
    if (this.#isOwned(type.type, name) || (isTaken && !rules.adopt)) {
      return { physicalName: this.#newName(wanted), isAdopted: false };
    }
    return { physicalName: name, isAdopted: isTaken };
  }

  /**
   * The name of a resource that is created in the place of another. Throws as `ofNew`, and AwsError `ValidationError`
   * where the template gives the name of the one that is replaced.
   */
  async ofReplacement(
    wanted: WantedResource,
    properties: JsonObject,
    isRenamed: boolean,
    { adopt }: NameRules,
  ): Promise<ResourceName> {
    const { type } = wanted;
    if (type.handling === 'inert') return { physicalName: wanted.physicalName, isAdopted: false };
    const given = type.givenName(properties);
    if (given === undefined) return { physicalName: this.#newName(wanted), isAdopted: false };
    const isTaken = await type.exists({ ...wanted, physicalName: given }, properties, this.#context);
    if (isTaken && !isRenamed) {
      throw validationError(
        'CloudFormation cannot update a stack when a custom-named resource requires replacing. ' +
          `Rename ${given} and update the stack again.`,
      );
    }
    if (isTaken && !adopt) throw alreadyExists(given);
    return { physicalName: given, isAdopted: isTaken };
  }

  /** Whether a stack has a resource of this type and name. */
  #isOwned(type: string, name: string): boolean {
    return this.#has((each) => each.type === type && each.physicalName === name && stands(each));
  }

  /** Whether a stack has such a resource, be it displaced. */
  #has(isIt: (resource: ResourceRecord) => boolean): boolean {
    return this.#parts.store.all.some(
      ({ resources, displaced }) =>
        [...resources.values()].some(isIt) || displaced.some(({ resource }) => isIt(resource)),
    );
  }

  #newName({ logicalId, type, environment: { stackName } }: WantedResource): string {
    const { nameMaxLength = 64, lowerCaseName = false } = type.handling === 'supported' ? type : {};
    const base = physicalName(stackName, logicalId, {
      nameMaxLength: nameMaxLength - SUFFIX_LENGTH - 1,
      lowerCaseName,
    });
    const letter = () => SUFFIX_LETTERS[Math.floor(this.#parts.random.next() * SUFFIX_LETTERS.length)] ?? '';
    const suffix = Array.from({ length: SUFFIX_LENGTH }, letter).join('');
    return `${base}-${lowerCaseName ? suffix.toLowerCase() : suffix}`;
  }
}

function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExistsException', `${name} already exists`);
}
