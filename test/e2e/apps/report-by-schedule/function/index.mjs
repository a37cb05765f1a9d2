import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client();

export async function handler() {
  const { BUCKET, TITLE } = process.env;
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${TITLE}.txt`, Body: `Report: ${TITLE}` }));
}
