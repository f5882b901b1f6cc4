import { msg } from '@lit/localize'

/** The clouds a person can name a bucket of. */
export type Cloud = 's3' | 'gs' | 'azblob'
export const clouds: readonly Cloud[] = ['s3', 'gs', 'azblob']

export interface CloudField { readonly id: string, readonly label: string, readonly hint?: string, readonly secret?: true, readonly optional?: true }

export function cloudName(cloud: Cloud): string {
  return cloud === 's3' ? msg('Amazon S3, or a store that speaks its language') : cloud === 'gs' ? msg('Google Cloud Storage') : msg('Azure Blob Storage')
}

/** What is asked for, in its order. */
export function cloudFields(cloud: Cloud): readonly CloudField[] {
  const prefix: CloudField = { id: 'prefix', label: msg('Folder in it'), hint: msg('Empty for the whole of it. It has to be for this device alone: what lies in it is deleted with what you remove here.'), optional: true }
  if (cloud === 'azblob') return [
    { id: 'account', label: msg('Storage account') },
    { id: 'bucket', label: msg('Container') },
    prefix,
    { id: 'sas', label: msg('SAS token'), hint: msg('Of the container: to read, add, create, write, delete and list.'), secret: true },
  ]
  const keys: readonly CloudField[] = [
    { id: 'keyId', label: cloud === 's3' ? msg('Access key ID') : msg('Access ID of an HMAC key') },
    { id: 'secret', label: msg('Secret'), hint: msg('Kept encrypted on this device, and shown to nobody.'), secret: true },
  ]
  return cloud === 'gs' ? [{ id: 'bucket', label: msg('Bucket') }, prefix, ...keys] : [
    { id: 'bucket', label: msg('Bucket') },
    { id: 'region', label: msg('Region'), hint: msg('As in eu-west-1. Empty for us-east-1.'), optional: true },
    { id: 'endpoint', label: msg('Address'), hint: msg('Of another store than Amazon’s. It begins with https://.'), optional: true },
    prefix, ...keys,
  ]
}

/** The URL of the bucket that a filled form names, and what opens it. */
export function cloudPlace(cloud: Cloud, fields: Readonly<Record<string, string>>): { readonly url: string, readonly keys: { readonly keyId: string, readonly secret: string } | { readonly sas: string } } {
  const at = (name: string): string => fields[name]?.trim() ?? ''
  const endpoint = at('endpoint')
  const parameters = cloud === 'azblob' ? { storage_account: at('account'), prefix: at('prefix') }
    : cloud === 'gs' ? { prefix: at('prefix') }
    : { region: at('region'), endpoint, use_path_style: endpoint === '' ? '' : 'true', prefix: at('prefix') }
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString()
  return {
    url: `${cloud}://${encodeURIComponent(at('bucket'))}${query === '' ? '' : `?${query}`}`,
    keys: cloud === 'azblob' ? { sas: at('sas') } : { keyId: at('keyId'), secret: at('secret') },
  }
}
