import { rmSync } from 'node:fs';

export default async function stopServices() {
  const { stack, stateFolder } = globalThis.bastionTestServices ?? {};
  if (!stack) return;
  await stack.stop();
  rmSync(stateFolder, { recursive: true, force: true });
}
