export { openAzureBucket } from './azure-bucket.ts'
export { azurePlace, gsPlace, s3Place } from './cloud-url.ts'
export { openS3Bucket } from './s3-bucket.ts'
