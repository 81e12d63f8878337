import { startSandbox } from './index.mts';

const sandbox = await startSandbox({ port: Number(process.env.SANDBOX_PORT ?? 0) });

console.log(`A local Imagen is running. Nothing leaves this computer, nothing is billed.

In n8n, create a credential "Imagen AI API" with
  API Key      ${sandbox.apiKey}
  Environment  Custom
  URL          ${sandbox.apiUrl}

Look into it and add faults (see sandbox/README.md):
  ${sandbox.controlUrl}/billing
  ${sandbox.controlUrl}/requests
  ${sandbox.controlUrl}/faults

Ctrl-C stops it and removes its files.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void sandbox.close());
}
