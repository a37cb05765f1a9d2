import type { CreatePipeInput, UpdatePipeInput } from './create-pipe-input.ts';
import { validationError } from './errors.ts';

/**
 * The request that would have created a pipe as an update leaves it. A member that the update does not name stays. The
 * parameters of one service are replaced as a whole, so that what is missing in them has its default. Empty texts and
 * an empty list of filters remove what was there.
 * https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
 *
 * Throws a ValidationException for parameters of another source.
 */
export function updatedRequest(before: CreatePipeInput, update: UpdatePipeInput): CreatePipeInput {
  const { SourceParameters, Enrichment, EnrichmentParameters, Target, TargetParameters, ...others } = update;
  const target = Target ?? before.Target;
  // Parameters of the old target's service do not belong to a new one.
  const oldTargetParameters =
    serviceOf(target) === serviceOf(before.Target)
      ? before.TargetParameters
      : { InputTemplate: before.TargetParameters?.InputTemplate };
  const enrichment = Enrichment ?? before.Enrichment;
  return withoutEmptyTexts({
    ...before,
    ...others,
    DesiredState: others.DesiredState ?? before.DesiredState,
    SourceParameters: updatedSource(before.SourceParameters, SourceParameters),
    Enrichment: enrichment,
    EnrichmentParameters:
      enrichment === '' ? EnrichmentParameters : merged(before.EnrichmentParameters, EnrichmentParameters),
    Target: target,
    TargetParameters: merged(oldTargetParameters, TargetParameters),
  });
}

type SourceParameters = CreatePipeInput['SourceParameters'];

function updatedSource(before: SourceParameters, update: UpdatePipeInput['SourceParameters']): SourceParameters {
  const { KinesisStreamParameters: kinesis, DynamoDBStreamParameters: dynamodb } = before;
  const { FilterCriteria: filters = before.FilterCriteria, ...parameters } = update ?? {};
  const given = { kinesis: parameters.KinesisStreamParameters, dynamodb: parameters.DynamoDBStreamParameters };
  if (given.kinesis !== undefined && kinesis === undefined) throw ofAnotherSource('KinesisStreamParameters');
  if (given.dynamodb !== undefined && dynamodb === undefined) throw ofAnotherSource('DynamoDBStreamParameters');
  return {
    ...((filters?.Filters ?? []).length === 0 ? {} : { FilterCriteria: filters }),
    ...(kinesis && {
      KinesisStreamParameters:
        given.kinesis === undefined
          ? kinesis
          : {
              ...given.kinesis,
              StartingPosition: kinesis.StartingPosition,
              ...(kinesis.StartingPositionTimestamp && {
                StartingPositionTimestamp: kinesis.StartingPositionTimestamp,
              }),
            },
    }),
    ...(dynamodb && {
      DynamoDBStreamParameters:
        given.dynamodb === undefined ? dynamodb : { ...given.dynamodb, StartingPosition: dynamodb.StartingPosition },
    }),
  };
}

function ofAnotherSource(name: string): Error {
  return validationError(`SourceParameters.${name}`, 'does not belong to the source.');
}

function serviceOf(arn: string): string | undefined {
  return arn.split(':')[2];
}

/** The members that are named take the place of the old ones. */
function merged<T extends object>(before: T | undefined, update: T | undefined): T | undefined {
  if (update === undefined) return before;
  const named = Object.entries(update).filter(([, value]) => value !== undefined);
  return Object.assign({}, before ?? update, Object.fromEntries(named));
}

function withoutEmptyTexts(request: CreatePipeInput): CreatePipeInput {
  const { Description, Enrichment, EnrichmentParameters, TargetParameters, ...others } = request;
  return {
    ...others,
    ...(Description && { Description }),
    ...(Enrichment && { Enrichment }),
    ...(EnrichmentParameters?.InputTemplate && { EnrichmentParameters }),
    ...(TargetParameters && { TargetParameters: withoutEmptyTemplate(TargetParameters) }),
  };
}

type TargetParameters = NonNullable<CreatePipeInput['TargetParameters']>;

function withoutEmptyTemplate({ InputTemplate, ...others }: TargetParameters): TargetParameters {
  return { ...others, ...(InputTemplate && { InputTemplate }) };
}
