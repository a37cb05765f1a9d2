import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  type ListedObject,
  type ObjectListing,
  type Place,
  type PlaceId,
  placeIds,
} from '@tweet-pipes/console/views/objects/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { badRequest, notFound } from '../api-error.ts';
import type { Deployment } from './deployment.ts';

/** Folders and objects of one page. */
const pageSize = 200;

/** The buckets of the stacks that are there. */
function placesOf({ core, lake, sales }: Deployment): Place[] {
  const buckets: Record<PlaceId, string | undefined> = {
    archive: core?.ArchiveBucketName,
    lake: lake?.LakeBucketName,
    sales: sales?.SalesBucketName,
  };
  return placeIds.flatMap((id) => {
    const bucket = buckets[id];
    return bucket === undefined ? [] : [{ id, bucket }];
  });
}

/** The place of that id or bucket. Throws ApiError for one that is unknown, or whose stack is not there. */
export function placeOf(deployment: Deployment, id: string): Place {
  const place = placesOf(deployment).find((each) => each.id === id || each.bucket === id);
  if (place !== undefined) return place;
  throw placeIds.some((known) => known === id)
    ? notFound(`There is no bucket "${id}" here: its stack is not deployed.`)
    : badRequest(`There is no place ${JSON.stringify(id)}; there are ${placeIds.join(', ')}.`);
}

/** One page of a folder. Throws the SDK's error. */
export async function listObjects(
  { s3 }: Pick<AwsClients, 's3'>,
  deployment: Deployment,
  { place: id, prefix, token }: { place: string; prefix: string; token: string | undefined },
): Promise<ObjectListing> {
  const place = placeOf(deployment, id);
  const answer = await s3.send(
    new ListObjectsV2Command({
      Bucket: place.bucket,
      Prefix: prefix,
      Delimiter: '/',
      MaxKeys: pageSize,
      ...(token !== undefined && { ContinuationToken: token }),
    }),
  );
  return {
    place,
    places: placesOf(deployment),
    prefix,
    folders: (answer.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []),
    objects: (answer.Contents ?? []).map(listedObject),
    next: answer.NextContinuationToken ?? null,
  };
}

/** An object as S3 lists it. */
export function listedObject(object: { Key?: string; Size?: number; LastModified?: Date }): ListedObject {
  const { Key = '', Size = 0, LastModified } = object;
  return { key: Key, bytes: Size, modifiedAt: LastModified?.toISOString() ?? '' };
}
