export function installEmulators(): void
