import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { loopbackHost } from '../../sandbox/loopback.mts';

/** The paths of a certificate and its key. */
export interface Certificate {
	certificate: string;
	key: string;
}

/** Makes a certificate for a server on loopback. It is its own authority: who trusts it needs no other. */
export async function writeCertificate(folder: string): Promise<Certificate> {
	const made = await generate([{ name: 'commonName', value: loopbackHost }], {
		keyType: 'ec',
		curve: 'P-256',
		algorithm: 'sha256',
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'subjectAltName', altNames: [{ type: 7, ip: loopbackHost }] },
		],
	});
	const paths = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
	await writeFile(paths.certificate, made.cert);
	await writeFile(paths.key, made.private);
	return paths;
}

/** The environment of a Node.js process that trusts it. */
export const trusting = ({ certificate }: Certificate): NodeJS.ProcessEnv => ({
	NODE_EXTRA_CA_CERTS: certificate,
});
