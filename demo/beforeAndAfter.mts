/** Makes the README's picture: a photograph, and beside it what the sandbox exports. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { jpegProfile, SandboxClient } from '../sandbox/sandboxClient.mts';
import { root } from '../test/support/root.mts';
import { photosFolder } from './demoFiles.mts';

const name = 'DSC_0108.jpg';
const width = 596;
const height = 447;
const gap = 8;

const original = await readFile(join(root, photosFolder, name));
const [before, after] = await Promise.all(
	[original, await exportOf(original)].map(
		async (photo) => await sharp(photo).resize(width, height).toBuffer(),
	),
);
await sharp({ create: { width: 2 * width + gap, height, channels: 3, background: '#ffffff' } })
	.composite([
		{ input: before, left: 0, top: 0 },
		{ input: after, left: width + gap, top: 0 },
	])
	.jpeg({ quality: 85 })
	.toFile(join(root, 'docs', 'images', 'before-and-after.jpg'));

async function exportOf(photo: Buffer): Promise<Buffer | undefined> {
	const imagen = await SandboxClient.start();
	try {
		const project = await imagen.projectWith({ [name]: photo });
		await imagen.edit(project, { profile_key: jpegProfile });
		await imagen.export(project);
		return (await imagen.download(project, 'export')).get(name);
	} finally {
		await imagen.close();
	}
}
