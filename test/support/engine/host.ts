/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   This file is the host that n8n itself is in production: it owns the process, a folder and n8n-core's services. */
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';
import type { IBinaryData } from 'n8n-workflow';
import nock from 'nock';

/** Where n8n keeps binaries: files on disk, or base64 inside the items ('default'). */
export type BinaryMode = 'filesystem' | 'default';

// n8n-core's own copies: another version of these packages may sit in the root of node_modules.
const requireFromCore = createRequire(require.resolve('n8n-core'));
const { Container } = requireFromCore('@n8n/di') as typeof import('@n8n/di');
const { Logger } = requireFromCore('@n8n/backend-common') as typeof import('@n8n/backend-common');

const userFolder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'key of the test host';
process.env.N8N_LOG_LEVEL = 'silent';
// The first logger becomes the one that all of n8n writes to.
Container.get(Logger);

// No test reaches the internet: a request that no test answers fails.
nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost):/);

afterAll(() => {
	nock.restore();
	// Every node context starts the SSH client manager, whose timer would keep the process alive.
	Container.get(SSHClientsManager).onShutdown();
	rmSync(userFolder, { recursive: true, force: true });
});

/** Sets where the binaries of the following runs are kept. */
export async function useBinaryMode(mode: BinaryMode): Promise<void> {
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
}

/** The bytes of a binary that a node gave out, wherever n8n keeps them. */
export async function readBinary(binary: IBinaryData): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}
