// Reads rendered manifests, the files named as arguments, and prints one JSON line: by file, its objects and what Kubernetes' own models
// say is missing or mistyped in them.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const packages = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/gateway.networking.k8s.io',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com',
};

async function faultsOf(object) {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const models = await import(`${packages[group] ?? `kubernetes-models${group && `/${group}`}`}/${version}`);
  const Model = models[object.kind];
  if (!Model)
    return [`No model of ${object.apiVersion} ${object.kind}.`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

const seen = {};
for (const file of process.argv.slice(2)) {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { strict: true, uniqueKeys: true });
  const faults = documents.flatMap(document => document.errors.map(error => error.message));
  const objects = documents.map(document => document.toJS()).filter(Boolean);
  for (const object of objects)
    faults.push(...(await faultsOf(object)).map(fault => `${object.kind} ${object.metadata?.name}: ${fault}`));
  seen[file] = { objects, faults };
}
console.log(JSON.stringify(seen));
