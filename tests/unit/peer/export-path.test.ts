import { expect, test } from 'vitest'
import { exportPath, readExportPath } from '../../../src/peer/save-path.ts'

const id = '0b0f6a52-8f5c-4f0e-9b0c-0f0e1d2c3b4a'

test('a path of an export names it, whatever the file is called', () => {
  for (const name of ['Harbour.wav', 'été 100 % & more/less?#.mp3', '😀.m4a']) expect(readExportPath(`/app/${exportPath(id, name)}`)).toEqual({ id, name })
})

test.each(['/export/', `/export/${id}`, `/export/${id}/`, `/export/${id}/a/b`, `/export/../${id}/a`, `/export/${id.toUpperCase()}/a`, `/export/${id}/%ff`, `/save/${id}/a`])('%s is none', path => { expect(readExportPath(path)).toBeNull() })

