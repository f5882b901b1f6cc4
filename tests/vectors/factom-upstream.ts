export function upstreamMisses(_upstream: unknown): readonly string[] { return [] }
